import { UPLOAD_AS_PAGE_BLOB } from "../disk/advice.ts";
import type { DiskReader } from "../disk/disk-reader.ts";
import type { DiskFinding } from "../disk/finding.ts";
import { inspectDisk } from "../disk/inspect-disk.ts";
import { BlobChangedError, type Failure, failure } from "../errors.ts";
import type { BlobProperties } from "../ports.ts";
import { growingDelay, MAX_WAIT_SECONDS } from "../record/delays.ts";
import { explainDiskProblem } from "../record/disk-failure.ts";
import { toInspection } from "../record/inspection.ts";
import type { DiskProgress } from "../record/record.ts";
import type { Generation } from "../vocabulary.ts";
import { judgeCompletion } from "./completion.ts";
import type { StageContext } from "./stage.ts";

/** Where the disks of a request stand after one look at each. */
export interface DisksCheck {
  readonly disks: readonly DiskProgress[];
  /** Set when a disk can never become an image. */
  readonly failure: Failure | null;
  /** Whether nothing is waited for any more. */
  readonly allReady: boolean;
  /** Seconds until another look makes sense. */
  readonly lookAgainSeconds: number;
}

interface DiskCheck {
  readonly disk: DiskProgress;
  readonly failure?: Failure;
  readonly lookAgainSeconds?: number;
}

export interface CheckOptions {
  /** When the manifest was written that names the disks; null for VHDs without one. */
  readonly manifestWrittenAt: Date | null;
  /** Looks so far. */
  readonly attempts: number;
  /** The generation that was asked for; null when it is open. */
  readonly generation: Generation | null;
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
  return {
    disks: checked,
    failure: checks.find((check) => check.failure)?.failure ?? null,
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
      disk: { ...disk, state: "missing", detail: "there is no such blob" },
      lookAgainSeconds: growingDelay(
        context.timing.settleMinSeconds,
        options.attempts,
        MAX_WAIT_SECONDS,
      ),
    };
  }
  if (blob.type !== "PageBlob") return refuse(disk, explainBlobType(disk, blob));
  const completion = judgeCompletion(blob, disk.observed, { ...options, timing: context.timing });
  if (completion.kind === "settled") {
    const isChecked =
      disk.state === "complete" && disk.detail === null && disk.observed?.etag === blob.etag;
    if (isChecked) return { disk };
    return checkContent(
      { ...disk, observed: completion.observed },
      { blob, generation: options.generation },
      context,
    );
  }
  const { kind: state, detail, observed, lookAgainSeconds } = completion;
  return { disk: { ...disk, state, detail, observed }, lookAgainSeconds };
}

/** The content of a settled blob: a few ranged reads, of this ETag only. */
async function checkContent(
  disk: DiskProgress,
  { blob, generation }: { readonly blob: BlobProperties; readonly generation: Generation | null },
  context: StageContext,
): Promise<DiskCheck> {
  try {
    const finding = await inspectDisk(readerOf(blob, context), {
      role: disk.role === "data" ? "data" : "os",
      ...(generation !== null && { generation }),
    });
    if (finding.mayBeUnfinished) return waitForFooter(disk, finding, context);
    const { problem, warnings } = finding;
    const looked = { ...disk, inspection: toInspection(finding), warnings };
    if (problem === null) return { disk: { ...looked, state: "complete", detail: null } };
    return refuse(looked, explainDiskProblem(blob.name, problem));
  } catch (error) {
    if (!(error instanceof BlobChangedError)) throw error;
    return {
      disk: { ...disk, state: "uploading", detail: "changed while it was being checked" },
      lookAgainSeconds: context.timing.settleMinSeconds,
    };
  }
}

/**
 * The blob is all there, so it is not waited for; the detail says why it will not do. A request that
 * does not end at once (a manifest may still name the blob) looks at it again.
 */
function refuse(disk: DiskProgress, reason: Failure): DiskCheck {
  return { disk: { ...disk, state: "complete", detail: reason.message }, failure: reason };
}

/** Reads of a blob as it is now: each fails when the blob has changed. */
function readerOf(blob: BlobProperties, { blobs }: StageContext): DiskReader {
  const ref = { container: blob.container, name: blob.name };
  return {
    length: blob.length,
    read: (offset, count) => blobs.read(ref, { offset, count, etag: blob.etag }),
  };
}

/** No footer means not uploaded to the end, as far as anyone can tell from outside. */
function waitForFooter(
  disk: DiskProgress,
  { format, problem }: DiskFinding,
  context: StageContext,
): DiskCheck {
  const instead =
    format === "raw disk" && problem !== null
      ? `the file is a raw disk. ${problem.fix}`
      : "the file is no fixed VHD";
  const detail = `no VHD footer at its end yet: the upload has not finished, or ${instead}`;
  const lookAgainSeconds = Math.min(MAX_WAIT_SECONDS, Math.max(1, context.timing.settleSeconds));
  return { disk: { ...disk, state: "uploading", detail }, lookAgainSeconds };
}

function explainBlobType(disk: DiskProgress, blob: BlobProperties): Failure {
  return failure({
    code: disk.role === "os" ? "IncorrectImageBlobType" : "IncorrectDiskBlobType",
    message: `${blob.name} is ${blob.type === "BlockBlob" ? "a block" : "an append"} blob; a VHD must be a page blob.`,
    fix: UPLOAD_AS_PAGE_BLOB,
    target: blob.name,
  });
}
