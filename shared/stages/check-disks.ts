import type { Failure } from "../errors.ts";
import type { BlobRef } from "../image/image-request.ts";
import type { BlobProperties } from "../ports.ts";
import { growingDelay, MAX_WAIT_SECONDS } from "../record/delays.ts";
import type { DiskProgress } from "../record/record.ts";
import type { ConvertMode, Generation } from "../vocabulary.ts";
import { checkContent, type DiskCheck } from "./check-content.ts";
import { combineFailures } from "./combine-failures.ts";
import { judgeCompletion } from "./completion.ts";
import { findMeant } from "./meant-blobs.ts";
import type { StageContext } from "./stage.ts";

/** Where the disks of a request stand after one look at each. */
export interface DisksCheck {
  readonly disks: readonly DiskProgress[];
  /** Set when a disk can never become an image. */
  readonly failure: Failure | null;
  /** Whether the request waits for nothing any more. */
  readonly allReady: boolean;
  /** Seconds until another look makes sense. */
  readonly lookAgainSeconds: number;
}

export interface CheckOptions {
  /** The manifest that names the disks; null for VHDs without one. */
  readonly manifest: BlobRef | null;
  /** When that was written. */
  readonly manifestWrittenAt: Date | null;
  /** Looks so far. */
  readonly attempts: number;
  /** The generation that was requested; null when it is open. */
  readonly generation: Generation | null;
  /** Whether the disks may be converted. */
  readonly convert: ConvertMode;
  /** Properties of one of the blobs that were read a moment ago; null when all are to be read. */
  readonly known: BlobProperties | null;
}

/** Looks once at every blob that the request waits for, all at the same time. */
export async function checkDisks(
  disks: readonly DiskProgress[],
  options: CheckOptions,
  context: StageContext,
): Promise<DisksCheck> {
  const checks = await Promise.all(disks.map((disk) => checkDisk(disk, options, context)));
  const checked = checks.map((check) => check.disk);
  const failures = checks.flatMap((check) => check.failure ?? []);
  return {
    disks: checked,
    failure: failures.length > 0 ? combineFailures(failures) : null,
    allReady: checked.every((disk) => disk.state === "complete" || disk.state === "external"),
    lookAgainSeconds: Math.min(
      MAX_WAIT_SECONDS,
      ...checks.flatMap((check) => check.lookAgainSeconds ?? []),
    ),
  };
}

async function checkDisk(
  disk: DiskProgress,
  options: CheckOptions,
  context: StageContext,
): Promise<DiskCheck> {
  if (disk.ref === null) return { disk };
  const { known } = options;
  const isKnown = known?.name === disk.ref.name && known.container === disk.ref.container;
  const blob = isKnown ? known : await context.blobs.getProperties(disk.ref);
  if (blob === null) {
    return {
      disk: { ...disk, state: "missing", detail: await explainMissing(disk.ref, options, context) },
      lookAgainSeconds: growingDelay(
        context.timing.settleMinSeconds,
        options.attempts,
        MAX_WAIT_SECONDS,
      ),
    };
  }
  const completion = judgeCompletion(blob, disk.observed, { ...options, timing: context.timing });
  // A block blob appears whole when it is committed.
  if (completion.kind === "settled" || blob.type !== "PageBlob") {
    const isChecked =
      disk.state === "complete" && disk.detail === null && disk.observed?.etag === blob.etag;
    if (isChecked) return { disk };
    return checkContent(
      { ...disk, observed: completion.observed },
      { blob, generation: options.generation, convert: options.convert },
      context,
    );
  }
  const { kind: state, detail, observed, lookAgainSeconds } = completion;
  return { disk: { ...disk, state, detail, observed }, lookAgainSeconds };
}

async function explainMissing(
  ref: BlobRef,
  { manifest }: CheckOptions,
  context: StageContext,
): Promise<string> {
  const meant = manifest === null ? null : await findMeant(ref, manifest, context);
  if (meant === null) return "the blob does not exist";
  return `the blob does not exist; '${meant.name}' does: if you meant that one, correct the manifest and upload it again`;
}
