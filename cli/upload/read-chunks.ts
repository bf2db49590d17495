import { createHash } from "node:crypto";
import type { DiskReader } from "../../shared/disk/disk-reader.ts";
import { CommandError } from "../command-error.ts";
import type { DiskContent } from "./transfer.ts";

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
  const zeros = Buffer.alloc(chunkBytes);
  const offsets = chunkOffsets(content, chunkBytes);
  const lengthAt = (offset: number): number => Math.min(chunkBytes, sizeBytes - offset);
  const skippedBytes = countRest(offsets, sizeBytes, chunkBytes);
  let done = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const read = async (): Promise<Chunk | null> => {
    const offset = offsets[done];
    if (offset === undefined) return null;
    const bytes = await readFully(reader, offset, lengthAt(offset));
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

/** Bytes in chunks that are left out, because all of them are known to be zeros. */
export function countSkipped(content: DiskContent, chunkBytes: number): number {
  return countRest(chunkOffsets(content, chunkBytes), content.sizeBytes, chunkBytes);
}

function countRest(offsets: readonly number[], sizeBytes: number, chunkBytes: number): number {
  return offsets.reduce((rest, at) => rest - Math.min(chunkBytes, sizeBytes - at), sizeBytes);
}

/** Where the chunks begin that are read: all of them, or those that hold something. */
function chunkOffsets({ sizeBytes, data }: DiskContent, chunkBytes: number): readonly number[] {
  if (data === undefined) {
    const count = Math.ceil(sizeBytes / chunkBytes);
    return Array.from({ length: count }, (_, index) => index * chunkBytes);
  }
  const offsets = new Set<number>();
  for (const { offset, count } of data) {
    for (let at = offset - (offset % chunkBytes); at < offset + count; at += chunkBytes) {
      offsets.add(at);
    }
  }
  return [...offsets].toSorted((a, b) => a - b);
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
