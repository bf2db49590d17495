import type { SparseImage } from "../../../local/sample-vhds/index.ts";
import type { RequestRecord } from "../../../shared/record/record.ts";
import { isTerminal } from "../../../shared/record/states.ts";
import { CONTAINER, createFakeApp, type FakeApp, type FakeAppOptions } from "../../fakes/app.ts";
import { createFakeWriter } from "../../uploaders/fake-writer.ts";
import { type BlobWriter, performUpload } from "../../uploaders/perform.ts";
import { between, createRandom } from "../../uploaders/random.ts";
import type { UploadStep } from "../../uploaders/steps.ts";
import { createTriggers, type TriggerMode, type Triggers } from "./triggers.ts";

export const VHD = "os.vhd";
export const MANIFEST = "web.json";

/** An upload, and the app that watches it. */
export interface Scenario {
  readonly steps: readonly UploadStep[];
  readonly image: SparseImage;
  readonly triggers: TriggerMode;
  /** Seconds between two requests of the uploader: from, to. */
  readonly pace: readonly [number, number];
  readonly seed: number;
  readonly timing?: FakeAppOptions["timing"];
  /** Changes the app before the start. */
  readonly prepare?: (app: FakeApp) => void;
}

/** What came of it; times in seconds since the start. */
export interface Outcome {
  readonly puts: readonly {
    readonly image: string;
    readonly at: number;
    /** Changes of the VHD that were still to come. */
    readonly writesToCome: number;
  }[];
  readonly lastWriteAt: number;
  /** When the manifest was written; null when none was. */
  readonly manifestAt: number | null;
  readonly app: FakeApp;
  readonly records: readonly RequestRecord[];
}

const MAX_SECONDS = 30 * 3600;
/** After all is settled, in which an image too many would show. */
const AFTERMATH_SECONDS = 120;
const MANIFEST_BODY = {
  properties: {
    storageProfile: { osDisk: { osType: "Linux", osState: "Generalized", blobUri: VHD } },
  },
};

/**
 * Lets an upload and the app run side by side until every request is terminal.
 * @throws FakePreconditionError when the app's doing spoils a guarded upload.
 */
export async function runScenario(scenario: Scenario): Promise<Outcome> {
  const app = createFakeApp({
    defaults: { osType: "Linux", osState: "Generalized" },
    ...(scenario.timing && { timing: scenario.timing }),
  });
  scenario.prepare?.(app);
  const start = app.clock.now().getTime();
  const elapsed = (): number => (app.clock.now().getTime() - start) / 1000;
  const writes: number[] = [];
  const puts: { image: string; at: number; writesBefore: number }[] = [];
  const { create } = app.images;
  app.images.create = (request) => {
    puts.push({ image: request.imageName, at: elapsed(), writesBefore: writes.length });
    return create(request);
  };

  const manifestAt = await upload(scenario, app, () => void writes.push(elapsed()));
  return {
    puts: puts.map(({ image, at, writesBefore }) => ({
      image,
      at,
      writesToCome: writes.length - writesBefore,
    })),
    lastWriteAt: writes.at(-1) ?? 0,
    manifestAt: manifestAt === null ? null : (manifestAt.getTime() - start) / 1000,
    app,
    records: app.records.all(),
  };
}

/** Returns when the manifest was written, after everything has ended. */
async function upload(
  { steps, image, triggers: mode, pace, seed }: Scenario,
  app: FakeApp,
  onWrite: () => void,
): Promise<Date | null> {
  const triggers = createTriggers(mode, [VHD, MANIFEST], app);
  const random = createRandom(seed);
  const writer = createFakeWriter(app.blobs, { container: CONTAINER, name: VHD }, image, onWrite);
  let manifestAt: Date | null = null;
  await performUpload(steps, tellOfCreation(writer, triggers), {
    isParallel: false,
    beforeRequest: () => triggers.pass(between(...pace, random)),
    pause: triggers.pass,
    async writeManifest() {
      app.blobs.putText({ container: CONTAINER, name: MANIFEST }, JSON.stringify(MANIFEST_BODY));
      manifestAt = app.clock.now();
      await triggers.created(MANIFEST);
    },
  });
  const end = app.clock.now().getTime() + MAX_SECONDS * 1000;
  while (!isSettled(app) && app.clock.now().getTime() < end) await triggers.pass(60);
  await triggers.pass(AFTERMATH_SECONDS);
  return manifestAt;
}

/** The writer, with an event for each blob that it creates: the service sends none for pages. */
function tellOfCreation(writer: BlobWriter, triggers: Triggers): BlobWriter {
  const tell = async (etag: string): Promise<string> => {
    await triggers.created(VHD);
    return etag;
  };
  return {
    ...writer,
    create: async (options) => tell(await writer.create(options)),
    startCopy: async () => tell(await writer.startCopy()),
  };
}

function isSettled(app: FakeApp): boolean {
  const records = app.records.all();
  return records.length > 0 && records.every(({ state }) => isTerminal(state));
}
