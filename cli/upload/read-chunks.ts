import { createHash } from "node:crypto";
import type { DiskReader } from "../../shared/disk/disk-reader.ts";
import { CommandError } from "../command-error.ts";

/** A part of a file, all of it zeros or not. */
export interface Chunk {
  readonly offset: number;
  readonly bytes: Buffer;
  readonly isZero: boolean;
}

/** A file as chunks in ascending order, and the MD5 of the whole when all were read. */
export interface ChunkReader {
  next(): Promise<Chunk | null>;
  /** MD5 of what was read so far; once only. */
  digest(): Buffer;
}

/**
 * Reads a file once from front to end. Several callers may take chunks side by side; reading itself is
 * one after the other, as the checksum of the whole needs it.
 * @param shown path as typed, for messages
 * @throws CommandError while reading, when the file has become shorter.
 */
export function readChunks(
  reader: Pick<DiskReader, "read">,
  sizeBytes: number,
  chunkBytes: number,
  shown: string,
): ChunkReader {
  const hash = createHash("md5");
  const zeros = Buffer.alloc(chunkBytes);
  let at = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const read = async (): Promise<Chunk | null> => {
    if (at >= sizeBytes) return null;
    const offset = at;
    const bytes = await readFully(reader, offset, Math.min(chunkBytes, sizeBytes - offset));
    if (bytes === null) {
      throw new CommandError(
        "usage",
        `${shown} became shorter while it was read. Run the upload again.`,
      );
    }
    at += bytes.length;
    hash.update(bytes);
    return { offset, bytes, isZero: bytes.equals(zeros.subarray(0, bytes.length)) };
  };
  return {
    next() {
      const chunk = turn.then(read);
      turn = chunk.catch(() => {});
      return chunk;
    },
    digest: () => hash.digest(),
  };
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
