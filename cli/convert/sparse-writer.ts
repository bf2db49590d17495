import type { FileHandle } from "node:fs/promises";

/** What is zero in pieces of this size is not written. */
const PIECE_BYTES = 64 * 1024;
const ZEROS = Buffer.alloc(PIECE_BYTES);

/** Writes bytes at `offset` of a file that reads as zeros there, leaving out what is zero. */
export async function writeSparse(
  file: FileHandle,
  bytes: Uint8Array,
  offset: number,
): Promise<number> {
  let written = 0;
  for (let start = 0; start < bytes.length; ) {
    const end = endOfRun(bytes, start);
    if (!isZero(bytes, start)) {
      await writeFully(file, bytes.subarray(start, end), offset + start);
      written += end - start;
    }
    start = end;
  }
  return written;
}

/** End of the pieces from `start` on that are all zero, or none of which is. */
function endOfRun(bytes: Uint8Array, start: number): number {
  const kind = isZero(bytes, start);
  let end = start + PIECE_BYTES;
  while (end < bytes.length && isZero(bytes, end) === kind) end += PIECE_BYTES;
  return Math.min(end, bytes.length);
}

function isZero(bytes: Uint8Array, start: number): boolean {
  const length = Math.min(PIECE_BYTES, bytes.length - start);
  const piece = Buffer.from(bytes.buffer, bytes.byteOffset + start, length);
  return piece.equals(ZEROS.subarray(0, length));
}

/** Writes all of the bytes. */
export async function writeFully(
  file: FileHandle,
  bytes: Uint8Array,
  offset: number,
): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, offset + done);
    done += bytesWritten;
  }
}
