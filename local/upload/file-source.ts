import { type FileHandle, open, stat } from "node:fs/promises";
import { quoteForShell } from "../../shared/disk/format/shell-words.ts";
import { reasonOf } from "../explain-failure.ts";
import { CHUNK_BYTES, type PageChunk, type PageSource } from "./page-source.ts";

/** A local file cannot be uploaded as a page blob. */
export class UploadSourceError extends Error {
  override readonly name = "UploadSourceError";
}

/**
 * Returns a local file as a source. It is read as a stream, one chunk at a time; reading a hole of a
 * sparse file costs memory bandwidth only.
 *
 * @throws {UploadSourceError} if it is not a file, is empty, or its length is not a multiple of 512 bytes;
 * while reading, if it ends before the length that it had.
 */
export async function openFileSource(path: string): Promise<PageSource> {
  const info = await stat(path).catch((cause: unknown) => {
    const isMissing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    const reason = isMissing ? "the file does not exist" : reasonOf(cause);
    throw new UploadSourceError(`${path} cannot be read: ${reason}.`, { cause });
  });
  if (info.isDirectory()) throw new UploadSourceError(`${path} is a folder, not a file.`);
  if (!info.isFile()) throw new UploadSourceError(`${path} is not a regular file.`);
  if (info.size === 0) throw new UploadSourceError(`${path} is empty.`);
  if (info.size % 512 !== 0) {
    throw new UploadSourceError(
      `${path} is ${info.size} bytes long; a page blob needs a multiple of 512 bytes, which every fixed VHD is. ` +
        "Find out what it is:\n  npm run --silent inspect -- " +
        quoteForShell(path),
    );
  }
  const { size } = info;
  return { sizeBytes: size, chunkBytes: size, readChunks: () => readFileChunks(path, size) };
}

async function* readFileChunks(path: string, sizeBytes: number): AsyncGenerator<PageChunk> {
  const file = await open(path, "r");
  try {
    for (let offset = 0; offset < sizeBytes; ) {
      const wanted = Math.min(CHUNK_BYTES, sizeBytes - offset);
      const bytes = await readFully(file, offset, wanted);
      if (bytes.length < wanted) {
        throw new UploadSourceError(`${path} ended at byte ${offset + bytes.length}: it shrank`);
      }
      yield { offset, bytes };
      offset += bytes.length;
    }
  } finally {
    await file.close();
  }
}

/** Returns `length` bytes, fewer only at the end of the file: one read may deliver less than asked. */
async function readFully(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafe(length); // only what was read is returned
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
