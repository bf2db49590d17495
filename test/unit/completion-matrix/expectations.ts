import { expect } from "vitest";
import { MAX_WAIT_SECONDS } from "../../../shared/record/delays.ts";
import { CONTAINER } from "../../fakes/app.ts";
import type { ManifestPlace } from "../../uploaders/plan.ts";
import type { UploadTool } from "../../uploaders/tools.ts";
import { MANIFEST, type Outcome, VHD } from "./scenario.ts";
import { TRIGGER_DELAY_SECONDS, type TriggerMode } from "./triggers.ts";

export const SETTLE_SECONDS = 300;
export const SETTLE_MIN_SECONDS = 10;
/** The queue counts whole seconds, and so do the times of the storage service. */
const ROUNDING_SECONDS = 2;

/** What decides how soon the end of an upload can be known. */
export interface Situation {
  readonly tool: UploadTool;
  readonly manifest: ManifestPlace;
  readonly triggers: TriggerMode;
}

/** No image is requested while anything is still to be written to the disk. */
export function expectNoEarlyPut({ puts }: Outcome): void {
  expect(puts.filter(({ writesToCome }) => writesToCome > 0)).toEqual([]);
}

/** One image, of the manifest if there is one, and no request that ended otherwise than it should. */
export function expectOneImage({ puts, records }: Outcome, manifest: ManifestPlace): void {
  const source = manifest === "none" ? VHD : MANIFEST;
  expect(puts.map(({ image }) => image)).toEqual([manifest === "none" ? "os" : "web"]);
  const [succeeded, ...others] = records.toSorted((left) => (left.state === "succeeded" ? -1 : 1));
  expect(succeeded).toMatchObject({ state: "succeeded", source: { name: source }, error: null });
  expect(others.filter(({ state }) => state !== "canceled")).toEqual([]);
}

/** The image is requested as soon as the rules allow after the last write to disk or manifest. */
export function expectPromptPut(outcome: Outcome, situation: Situation): void {
  const { lastWriteAt, manifestAt, puts } = outcome;
  const end = situation.manifest === "last" ? (manifestAt ?? Number.NaN) : lastWriteAt;
  const delay = (puts[0]?.at ?? Number.NaN) - end;
  expect(delay).toBeGreaterThanOrEqual(SETTLE_MIN_SECONDS - ROUNDING_SECONDS);
  expect(delay).toBeLessThanOrEqual(longestDelay(situation) + ROUNDING_SECONDS);
}

/** Seconds from the end of the upload, or from a later manifest, to the PUT. */
function longestDelay({ tool, manifest, triggers }: Situation): number {
  const heard = TRIGGER_DELAY_SECONDS[triggers];
  if (manifest === "last") return heard + SETTLE_MIN_SECONDS;
  const isMarked =
    tool.endMark === "always" || (tool.endMark === "whenWatched" && triggers === "events");
  // No event reports the mark: it is found by the next look, and there is one every minute.
  return isMarked ? MAX_WAIT_SECONDS + SETTLE_MIN_SECONDS : SETTLE_SECONDS;
}

/** The request that waits for the VHD ended at its deadline, and says when that was last written. */
export async function expectUploadIncomplete(
  { app }: Outcome,
  manifest: ManifestPlace,
  waitDeadlineSeconds: number,
): Promise<void> {
  const record = app.recordOf(manifest === "none" ? VHD : MANIFEST);
  const blob = await app.blobs.getProperties({ container: CONTAINER, name: VHD });
  const lastWritten = `last written ${blob?.lastModified.toISOString()}`;
  expect(record).toMatchObject({
    state: "failed",
    error: {
      code: "UploadIncomplete",
      message: expect.stringContaining(VHD),
      details: [{ target: VHD, message: expect.stringContaining(lastWritten) }],
    },
  });
  const waiting = record.events.find(({ state }) => state === "waiting");
  const waited = (Date.parse(record.completedAt ?? "") - Date.parse(waiting?.at ?? "")) / 1000;
  expect(waited).toBeGreaterThanOrEqual(waitDeadlineSeconds);
  expect(waited).toBeLessThanOrEqual(waitDeadlineSeconds + MAX_WAIT_SECONDS);
  if (manifest !== "none") expect(app.recordOf(VHD).state).toBe("canceled");
}
