import { OVERLAP_SECONDS } from "../../shared/flow/sweep.ts";
import type { BlobProperties } from "../../shared/ports.ts";
import { pollDelay } from "../../shared/record/delays.ts";
import type { Observation } from "../../shared/record/record.ts";
import type { Timing } from "../../shared/record/timing.ts";
import { judgeCompletion } from "../../shared/stages/completion.ts";
import { findsNothing, goes, type Label, opens, stays } from "./label-runs.ts";

/** What the number of steps depends on. Seconds. */
export interface Course {
  /** From the creation of the page blob to its last page. */
  readonly uploadSeconds: number;
  /** From the PUT to the end of the service's operation. */
  readonly operationSeconds: number;
  /** Between two sweeps. */
  readonly sweepSeconds: number;
  readonly timing: Timing;
}

/** How often each kind of run comes for one image. */
export type StepCounts = ReadonlyMap<Label, number>;

/** The runs for a VHD without a manifest. */
export function countStepsOfVhd(course: Course): StepCounts {
  const looks = countLooks(course, null);
  return new Map([
    [opens("alone"), 1],
    [goes("alone", "received", "waiting"), 1],
    [stays("alone", "waiting"), looks.length - 1],
    [goes("alone", "waiting", "submitting"), 1],
    ...countStepsOfImage("alone", course),
  ]);
}

/** The runs for a VHD and a manifest that is uploaded when the VHD has been. */
export function countStepsOfManifest(course: Course): StepCounts {
  const { uploadSeconds } = course;
  const looksInVain = countLooks(course, null).filter((at) => at <= uploadSeconds).length;
  const looks = countLooks({ ...course, uploadSeconds: 0 }, 0);
  return new Map([
    [opens("disk"), 1],
    [goes("disk", "received", "waiting"), 1],
    [stays("disk", "waiting"), looksInVain],
    [goes("disk", "waiting", "canceled"), 1],
    [opens("manifest"), 1],
    [goes("manifest", "received", "waiting"), 1],
    [stays("manifest", "waiting"), looks.length - 1],
    [goes("manifest", "waiting", "submitting"), 1],
    ...countStepsOfImage("manifest", course),
  ]);
}

/** How often sweeps look an upload up because it was written lately. */
export function countSweepLooks({ uploadSeconds, sweepSeconds }: Course): number {
  return (uploadSeconds + OVERLAP_SECONDS + sweepSeconds) / sweepSeconds;
}

function countStepsOfImage(upload: "alone" | "manifest", course: Course): [Label, number][] {
  return [
    [goes(upload, "submitting", "creating"), 1],
    [stays(upload, "creating"), countPolls(course) - 1],
    [goes(upload, "creating", "succeeded"), 1],
    [findsNothing(upload), 1],
  ];
}

/** Looks at an operation until one finds it ended. The service is taken not to ask for longer pauses. */
export function countPolls({ operationSeconds, timing }: Course): number {
  let polls = 0;
  let at = timing.pollSeconds;
  for (; at < operationSeconds; polls += 1)
    at += wholeSeconds(pollDelay(polls, timing.pollSeconds));
  return polls + 1;
}

/**
 * When a waiting request looks at its blob, in seconds since the blob's creation, the look that finds
 * it complete included. The app's own rule decides, on a blob that is written to without a pause.
 * @param announcedAt when a manifest that names the blob was written; null for none
 */
export function countLooks({ uploadSeconds, timing }: Course, announcedAt: number | null) {
  const manifestWrittenAt = announcedAt === null ? null : atSecond(announcedAt);
  const looks: number[] = [];
  let before: Observation | null = null;
  for (let at = 0; ; ) {
    looks.push(at);
    const blob = blobAt(at, uploadSeconds);
    const completion = judgeCompletion(blob, before, { manifestWrittenAt, timing });
    if (completion.kind === "settled") return looks;
    before = completion.observed;
    at += wholeSeconds(completion.lookAgainSeconds);
  }
}

/** The queue service delays a message by whole seconds. */
function wholeSeconds(seconds: number): number {
  return Math.ceil(seconds);
}

function blobAt(second: number, uploadSeconds: number): BlobProperties {
  const writtenAt = Math.min(second, uploadSeconds);
  return {
    container: "uploads",
    name: "disk.vhd",
    etag: `"${writtenAt}"`,
    length: 0,
    type: "PageBlob",
    createdOn: atSecond(0),
    lastModified: atSecond(writtenAt),
    readAt: atSecond(second),
    copyStatus: null,
    copyCompletedOn: null,
    contentMd5: null,
    lease: null,
    metadata: {},
  };
}

function atSecond(second: number): Date {
  return new Date(second * 1000);
}
