import type { DiskReader } from "../../shared/disk/disk-reader.ts";
import { CommandError } from "../command-error.ts";
import type { ByteRange } from "./byte-ranges.ts";

/** Bytes to send: a file's, or those of a disk that is in memory. */
export interface DiskContent {
  /** Gives the bytes that are sent. */
  readonly reader: Pick<DiskReader, "read">;
  /** Of what is sent. */
  readonly sizeBytes: number;
  /** Where something other than zeros is, if that is known; the rest is then not read. */
  readonly data?: readonly ByteRange[];
  /** The path as typed, for messages. */
  readonly shown: string;
}

/** A file that is sent to a blob, as it is or converted on the way. */
export interface TransferSource extends DiskContent {
  /** Whether the file is another one than when it was opened. */
  readonly hasChanged: () => Promise<boolean>;
  /** {@link formatIdentity} of the file, kept with the blob. */
  readonly identity: string;
  /** Whether an identity that a blob bears is that of this file. */
  readonly isSame: (identity: string | undefined) => boolean;
  /** Metadata for the app, such as `ostype`; null when a manifest says it. */
  readonly metadata: Readonly<Record<string, string>> | null;
}

/** How a transfer goes, in bytes of the file; each is in one of the three. */
export interface TransferProgress {
  readonly sentBytes: number;
  /** Zeros, which a blob holds without being sent. */
  readonly zeroBytes: number;
  /** What an earlier run had sent already. */
  readonly keptBytes: number;
}

export interface TransferOptions {
  /** Replaces a blob that is not this file's own unfinished upload. */
  readonly overwrite: boolean;
  readonly concurrency: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TransferProgress) => void;
}

/** What is at the other end after a transfer. */
export interface TransferResult extends TransferProgress {
  /** When the blob was created: what names an upload without a manifest. */
  readonly createdOn: Date;
  /** Whether an earlier run had finished it already. */
  readonly wasComplete: boolean;
}

/** Counts bytes, and reports each time. */
export interface Meter {
  add(bytes: Partial<TransferProgress>): void;
  read(): TransferProgress;
}

/** A meter that starts at nothing. */
export function createMeter(onProgress: (progress: TransferProgress) => void): Meter {
  let progress: TransferProgress = { sentBytes: 0, zeroBytes: 0, keptBytes: 0 };
  return {
    read: () => progress,
    add({ sentBytes = 0, zeroBytes = 0, keptBytes = 0 }) {
      progress = {
        sentBytes: progress.sentBytes + sentBytes,
        zeroBytes: progress.zeroBytes + zeroBytes,
        keptBytes: progress.keptBytes + keptBytes,
      };
      onProgress(progress);
    },
  };
}

/** Type of the content of every disk. */
export const CONTENT_TYPE = "application/octet-stream";

/** Metadata key of the identity, while a blob is incomplete; the app then waits, however long. */
export const UNFINISHED_KEY = "diskmetadata";
/** Metadata key of the identity after the end. */
export const FINISHED_KEY = "uploadedfrom";
/** Metadata key by which an uploader says that a blob is complete. */
export const END_KEY = "uploadcomplete";

/**
 * Refuses to mark a blob as complete whose file has changed since it was opened.
 * @throws CommandError
 */
export async function requireUnchanged({ shown, hasChanged }: TransferSource): Promise<void> {
  if (!(await hasChanged())) return;
  throw new CommandError(
    "refused",
    `${shown} changed while it was uploaded. Run the upload again.`,
  );
}

/** Runs a worker so many times side by side; the first error stops the others at their next chunk. */
export async function runWorkers(
  count: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const both = AbortSignal.any([signal, failed.signal]);
  const workers = Array.from({ length: count }, () =>
    work(both).catch((error: unknown) => {
      failed.abort(error);
      throw error;
    }),
  );
  const ends = await Promise.allSettled(workers);
  signal.throwIfAborted();
  if (failed.signal.aborted) throw failed.signal.reason;
  const rejected = ends.find((end) => end.status === "rejected");
  if (rejected !== undefined) throw rejected.reason;
}
