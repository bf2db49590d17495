import { UPLOAD_AS_PAGE_BLOB } from "../disk/advice.ts";
import type { DiskReader } from "../disk/disk-reader.ts";
import type { DiskFinding } from "../disk/finding.ts";
import { diskFileOf } from "../disk/format/disk-files.ts";
import { quoteForShell } from "../disk/format/shell-words.ts";
import { inspectDisk } from "../disk/inspect-disk.ts";
import { BlobChangedError, type Failure, failure } from "../errors.ts";
import type { BlobProperties } from "../ports.ts";
import { MAX_WAIT_SECONDS } from "../record/delays.ts";
import { explainDiskProblem } from "../record/disk-failure.ts";
import { toInspection } from "../record/inspection.ts";
import type { DiskProgress } from "../record/record.ts";
import type { Generation } from "../vocabulary.ts";
import { combineFailures } from "./combine-failures.ts";
import { describeProgress } from "./describe-progress.ts";
import type { StageContext } from "./stage.ts";

/** A disk after one look at it, and what became of it. */
export interface DiskCheck {
  readonly disk: DiskProgress;
  /** Set when it can never become an image. */
  readonly failure?: Failure;
  /** Set while the request waits for it. */
  readonly lookAgainSeconds?: number;
}

/** The content of a settled blob: a few ranged reads, of this ETag only. All mistakes are reported. */
export async function checkContent(
  disk: DiskProgress,
  { blob, generation }: { readonly blob: BlobProperties; readonly generation: Generation | null },
  context: StageContext,
): Promise<DiskCheck> {
  try {
    const finding = await inspectDisk(readerOf(blob, context), {
      role: disk.role === "data" ? "data" : "os",
      ...(generation !== null && { generation }),
    });
    if (finding.mayBeUnfinished && blob.type === "PageBlob") {
      return await waitForFooter(disk, { blob, finding }, context);
    }
    const warnings = [...finding.warnings, ...explainLease(blob)];
    const looked: DiskProgress = { ...disk, inspection: toInspection(finding), warnings };
    const mistakes = listMistakes(disk, blob, finding);
    if (mistakes.length > 0) return refuse(looked, combineFailures(mistakes));
    return { disk: { ...looked, state: "complete", detail: null } };
  } catch (error) {
    if (!(error instanceof BlobChangedError)) throw error;
    return {
      disk: { ...disk, state: "uploading", detail: "changed while it was being checked" },
      lookAgainSeconds: context.timing.settleMinSeconds,
    };
  }
}

/**
 * The blob is complete, so there is nothing to wait for; the detail says why it is not usable. A request that
 * does not end at once (a manifest may still name the blob) looks at it again.
 */
function refuse(disk: DiskProgress, reason: Failure): DiskCheck {
  return { disk: { ...disk, state: "complete", detail: reason.message }, failure: reason };
}

function listMistakes(disk: DiskProgress, blob: BlobProperties, finding: DiskFinding): Failure[] {
  const { problem } = finding;
  const content = problem === null ? [] : [explainDiskProblem(blob.name, problem)];
  // A file in another format is converted anyway: how it was uploaded does not matter then.
  const other = explainOtherFile(blob.name, finding);
  if (other !== null) return [other];
  return blob.type === "PageBlob" ? content : [explainBlobType(disk, blob), ...content];
}

/** A file whose name does not end with `.vhd`: what it is, and what to do. Null for a VHD's name. */
function explainOtherFile(name: string, { format, problem }: DiskFinding): Failure | null {
  const file = diskFileOf(name);
  if (file === null) return null;
  const target = name;
  if (problem === null) {
    const stem = name.slice(0, -file.extension.length);
    const vhd = stem.toLowerCase().endsWith(".vhd") ? stem : `${stem}.vhd`;
    return failure({
      code: "InvalidVhd",
      message: `${name} is a fixed VHD, but its name does not end with .vhd, as Azure requires.`,
      fix: `Upload it again as a page blob named ${vhd}.`,
      target,
    });
  }
  if (format === "unknown" || format === "empty") {
    return failure({
      code: "InvalidVhd",
      message: `${name} is ${file.what} by its name, not a VHD; its content is ${format === "empty" ? "blank" : "not recognized"}.`,
      fix: file.advice,
      target,
    });
  }
  const found = explainDiskProblem(name, problem);
  const isAsNamed = file.format === null || file.format === format;
  return isAsNamed
    ? found
    : { ...found, message: `${found.message} Its name says that it is ${file.what}.` };
}

/** Reads of a blob as it is now: each fails when the blob has changed. */
function readerOf(blob: BlobProperties, { blobs }: StageContext): DiskReader {
  const ref = { container: blob.container, name: blob.name };
  return {
    length: blob.length,
    read: (offset, count) => blobs.read(ref, { offset, count, etag: blob.etag }),
    isWritten: async (end) => {
      if (blob.type !== "PageBlob") return null;
      const { ranges, hasMore } = await blobs.listPageRanges(ref, { etag: blob.etag, limit: 1 });
      return hasMore || ranges.some(({ offset }) => offset < end);
    },
  };
}

/** No footer means not uploaded to the end, as far as anyone can tell from outside. */
async function waitForFooter(
  disk: DiskProgress,
  { blob, finding }: { readonly blob: BlobProperties; readonly finding: DiskFinding },
  context: StageContext,
): Promise<DiskCheck> {
  const detail = await describeProgress(blob, finding, context);
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

/** Azure takes a lease on the blob while it copies it, and cannot where somebody else has one. */
function explainLease({ lease, container, name }: BlobProperties): readonly string[] {
  if (lease !== "infinite") return [];
  return [
    `has an infinite lease, so Azure may be unable to read it while the image is created; if nobody needs the lease, break it: az storage blob lease break --container-name ${container} --blob-name ${quoteForShell(name)}`,
  ];
}
