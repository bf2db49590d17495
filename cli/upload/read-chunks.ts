import { createHash } from "node:crypto";
import type { DiskReader } from "../../shared/disk/disk-reader.ts";
import { CommandError } from "../command-error.ts";
import { type ByteRange, joinRanges } from "./byte-ranges.ts";
import type { DiskContent } from "./transfer.ts";

/** What is compared with zeros at once, and where chunks begin and end; pages are 512 bytes long. */
export const BLOCK_BYTES = 4096;
/** Zeros between two pieces of content up to which they cost less to send than another request does. */
export const GAP_BYTES = 256 * 1024;

/** A part of a file, all of it zeros or not. */
export interface Chunk {
  readonly offset: number;
  readonly bytes: Buffer;
  readonly isZero: boolean;
}

/** A file as chunks in ascending order, and the MD5 of the whole when all were read. */
export interface ChunkReader {
  /** {@link countSkipped} */
  readonly skippedBytes: number;
  next(): Promise<Chunk | null>;
  /** MD5 of what was read so far; once only. Null when something is left out. */
  digest(): Buffer | null;
}

/**
 * Reads a file once from front to end. Several callers may take chunks side by side; reading itself is
 * one after the other, as the checksum of the whole needs it.
 * @throws CommandError while reading, when the file has become shorter.
 */
export function readChunks(content: DiskContent, chunkBytes: number): ChunkReader {
  const { reader, sizeBytes, shown } = content;
  const hash = createHash("md5");
  const chunks = listChunks(content, chunkBytes);
  const zeros = Buffer.alloc(chunks.reduce((most, { count }) => Math.max(most, count), 0));
  const skippedBytes = countRest(chunks, sizeBytes);
  let done = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const read = async (): Promise<Chunk | null> => {
    const next = chunks[done];
    if (next === undefined) return null;
    const { offset, count } = next;
    const bytes = await readFully(reader, offset, count);
    if (bytes === null) {
      throw new CommandError(
        "usage",
        `${shown} became shorter while it was read. Run the upload again.`,
      );
    }
    done += 1;
    if (skippedBytes === 0) hash.update(bytes);
    return { offset, bytes, isZero: bytes.equals(zeros.subarray(0, bytes.length)) };
  };
  return {
    skippedBytes,
    next() {
      const chunk = turn.then(read);
      turn = chunk.catch(() => {});
      return chunk;
    },
    digest: () => (skippedBytes === 0 ? hash.digest() : null),
  };
}

/** Bytes that are left out, because all of them are known to be zeros. */
export function countSkipped(content: DiskContent, chunkBytes: number): number {
  return countRest(listChunks(content, chunkBytes), content.sizeBytes);
}

function countRest(chunks: readonly ByteRange[], sizeBytes: number): number {
  return chunks.reduce((rest, { count }) => rest - count, sizeBytes);
}

/**
 * What is read, in ascending order: everything, or what holds something. No chunk is longer than
 * `chunkBytes` or reaches over a multiple of it, so that the same file is cut at the same places again.
 */
function listChunks({ sizeBytes, data }: DiskContent, chunkBytes: number): readonly ByteRange[] {
  const chunks: { offset: number; count: number }[] = [];
  for (const { offset, count } of joinRanges(data ?? [{ offset: 0, count: sizeBytes }])) {
    const dataEnd = Math.min(Math.ceil((offset + count) / BLOCK_BYTES) * BLOCK_BYTES, sizeBytes);
    for (let at = offset - (offset % BLOCK_BYTES); at < dataEnd; ) {
      const cut = at - (at % chunkBytes) + chunkBytes;
      const end = Math.min(cut, dataEnd);
      const last = chunks.at(-1);
      const lastEnd = last === undefined ? 0 : last.offset + last.count;
      const isJoined =
        last !== undefined && lastEnd > cut - chunkBytes && at - lastEnd <= GAP_BYTES;
      if (isJoined) last.count = Math.max(lastEnd, end) - last.offset;
      else chunks.push({ offset: at, count: end - at });
      at = end;
    }
  }
  return chunks;
}

/** Exactly so many bytes, or null when the file ends before. */
async function readFully(
  reader: Pick<DiskReader, "read">,
  offset: number,
  count: number,
): Promise<Buffer | null> {
  const bytes = await reader.read(offset, count);
  if (bytes.length < count) return null;
  return Buffer.from(bytes.buffer, bytes.byteOffset, count);
}
