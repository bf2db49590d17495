import { concatBytes, SECTOR_BYTES } from "./bytes.ts";
import type { LimitedReader } from "./disk-reader.ts";
import { FOOTER_BYTES, readFooter } from "./format/footer.ts";

/** MBR, GPT header, and a table of the usual 128 entries of 128 bytes. */
export const DISK_HEAD_BYTES = 34 * SECTOR_BYTES;
/** The header of the backup GPT, and the footer. */
const DISK_END_BYTES = SECTOR_BYTES + FOOTER_BYTES;

/** How far a file without a footer is examined: over the mark of ISO 9660 at 0x8001. */
const FOREIGN_HEAD_BYTES = 0x8800;
/** How far from the end a footer in the wrong place is looked for. */
const FOREIGN_TAIL_BYTES = 34 * SECTOR_BYTES;

/** The first and the last bytes of a file. */
export interface FileEnds {
  /** Bytes of the whole file. */
  readonly length: number;
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

/**
 * Reads both ends in parallel. Only a file that does not end as a VHD does costs a second round, which
 * reads more of both: what it is instead shows there.
 */
export async function readEnds(reader: LimitedReader): Promise<FileEnds> {
  const { length } = reader;
  const [head, tail] = await Promise.all([
    readSpan(reader, 0, DISK_HEAD_BYTES),
    readSpan(reader, length - DISK_END_BYTES, length),
  ]);
  if (isFooter(tail.subarray(-FOOTER_BYTES))) {
    if (!isFooter(tail.subarray(0, FOOTER_BYTES)) || tail.length < DISK_END_BYTES) {
      return { length, head, tail };
    }
    // A VHD that was wrapped once more: how often, the sectors before tell.
    const before = await readSpan(reader, length - FOREIGN_TAIL_BYTES, length - DISK_END_BYTES);
    return { length, head, tail: concatBytes(before, tail) };
  }
  const [afterHead, beforeTail] = await Promise.all([
    readSpan(reader, DISK_HEAD_BYTES, FOREIGN_HEAD_BYTES),
    readSpan(reader, length - FOREIGN_TAIL_BYTES, length - DISK_END_BYTES),
  ]);
  return { length, head: concatBytes(head, afterHead), tail: concatBytes(beforeTail, tail) };
}

function isFooter(bytes: Uint8Array): boolean {
  return readFooter(bytes).kind === "footer";
}

/** The bytes from `start` up to `end`, as far as they are in the file. */
async function readSpan(reader: LimitedReader, start: number, end: number): Promise<Uint8Array> {
  const from = Math.max(0, start);
  return (await reader.read(from, end - from)) ?? new Uint8Array();
}
