import type { DiskFinding } from "../disk/finding.ts";
import type { BlobProperties } from "../ports.ts";
import { explainDiskProblem } from "../record/disk-failure.ts";
import type { StageContext } from "./stage.ts";

const MIB = 1024 * 1024;
const FOOTER_BYTES = 512;
/** Ranges of an upload that are counted; one that writes in order leaves few. */
const MAX_RANGES = 1000;

/**
 * Why the app waits for a page blob whose end is blank, as a clause: how far its upload came, when its
 * length says what it is to become.
 */
export async function describeProgress(
  blob: BlobProperties,
  { format, problem }: DiskFinding,
  context: StageContext,
): Promise<string> {
  const size = blob.length - FOOTER_BYTES;
  if (size > 0 && size % MIB === 0) {
    return `no VHD footer at its end yet: its length is that of a fixed VHD of ${size / MIB} MiB whose end is missing; ${await describeWritten(blob, context)}. If the upload has been stopped, upload the file again`;
  }
  const instead =
    format === "raw disk" && problem !== null
      ? `the file is a raw disk. ${explainDiskProblem(blob.name, problem).fix}`
      : "the file is not a fixed VHD";
  return `no VHD footer at its end yet: the upload has not finished, or ${instead}`;
}

async function describeWritten(blob: BlobProperties, context: StageContext): Promise<string> {
  const { container, name, etag } = blob;
  const options = { etag, limit: MAX_RANGES };
  const { ranges, hasMore } = await context.blobs.listPageRanges({ container, name }, options);
  const last = ranges.at(-1);
  if (last === undefined) return "nothing has been written yet";
  const written = ranges.reduce((sum, { count }) => sum + count, 0);
  const end = last.offset + last.count;
  const least = hasMore ? "at least " : "";
  return `${least}${written} of ${blob.length} bytes (${inPercent(written, blob.length)} %) have been written, up to byte ${end}; last write ${blob.lastModified.toISOString()}`;
}

/** Rounded down: an upload that lacks its end is never at 100. */
function inPercent(bytes: number, all: number): number {
  return Math.floor((bytes / all) * 1000) / 10;
}
