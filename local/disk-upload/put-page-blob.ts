import type { PageBlobClient } from "@azure/storage-blob";
import {
  CONTENT_TYPE,
  createMeter,
  type DiskContent,
  type TransferProgress,
  writePages,
} from "../../cli/upload/index.ts";

export type PutOptions = {
  /** Blob metadata, set when the blob is created. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Put Page requests under way at the same time. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
};

const DEFAULT_CONCURRENCY = 4;

/**
 * Uploads a disk as most tools do, azcopy among them: create the blob in its full length with its
 * metadata, put the pages, set the properties at the end. Nothing marks the blob as unfinished before,
 * or as complete after that, and nothing is resumed: the app finds out by itself. Replaces what is there.
 * Returns the final progress.
 */
export async function putPageBlob(
  blob: PageBlobClient,
  content: DiskContent,
  options: PutOptions = {},
): Promise<TransferProgress> {
  const { metadata, concurrency = DEFAULT_CONCURRENCY } = options;
  const signal = options.signal ?? new AbortController().signal;
  const blobHTTPHeaders = { blobContentType: CONTENT_TYPE };
  await blob.create(content.sizeBytes, {
    abortSignal: signal,
    blobHTTPHeaders,
    ...(metadata && { metadata: { ...metadata } }),
  });
  const meter = createMeter(() => {});
  await writePages(blob, content, { concurrency, signal }, meter);
  await blob.setHTTPHeaders(blobHTTPHeaders, { abortSignal: signal });
  return meter.read();
}
