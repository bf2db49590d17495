import type { FileHandle } from "node:fs/promises";
import type { DiskReader } from "../../shared/disk/disk-reader.ts";
import { openRegularFile } from "../regular-file.ts";

/** A file to convert. */
export interface InputFile {
  /** As typed, for messages. */
  readonly path: string;
  readonly reader: DiskReader;
  readonly file: FileHandle;
  readonly modifiedAt: Date;
  /** Stands for the version of the file, as an ETag does for a blob. */
  readonly version: string;
  /** Whether the file is another one than when it was opened. */
  hasChanged(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Opens a file for reading by ranges. `shown` is the path as typed, for messages.
 * @throws CommandError when it does not exist, is not a regular file, or may not be read.
 */
export async function openInput(path: string, shown: string = path): Promise<InputFile> {
  return describeInput(shown, await openRegularFile(path, shown));
}

/** A file that is open, as one to convert. */
export async function describeInput(path: string, file: FileHandle): Promise<InputFile> {
  const stats = await file.stat();
  const versionOf = ({ size, mtimeMs }: { size: number; mtimeMs: number }): string =>
    `${size}-${mtimeMs}`;
  const version = versionOf(stats);
  return {
    path,
    file,
    reader: { length: stats.size, read: (offset, count) => readAt(file, offset, count) },
    modifiedAt: stats.mtime,
    version,
    hasChanged: async () => versionOf(await file.stat()) !== version,
    close: () => file.close(),
  };
}

/** Bytes from `offset`: `count` of them, fewer at the end of the file. */
async function readAt(file: FileHandle, offset: number, count: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(count);
  let done = 0;
  while (done < count) {
    const { bytesRead } = await file.read(buffer, done, count - done, offset + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}
