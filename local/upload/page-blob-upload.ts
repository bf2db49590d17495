import type { PageBlobClient } from "@azure/storage-blob";
import { CHUNK_BYTES, type PageChunk, type PageSource } from "./page-source.ts";

export type UploadProgress = {
  /** Length of the blob. */
  readonly sizeBytes: number;
  /** Bytes that the source has to offer; for a sparse image fewer than the blob is long. */
  readonly totalBytes: number;
  /** Of these, what was dealt with: sent, or skipped because it is zero. */
  readonly doneBytes: number;
  readonly sentBytes: number;
};

export type UploadOptions = {
  /** Blob metadata, set when the blob is created. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Put Page requests under way at the same time. */
  readonly concurrency?: number;
  readonly onProgress?: (progress: UploadProgress) => void;
  readonly signal?: AbortSignal;
};

const CONTENT_TYPE = "application/octet-stream";
const DEFAULT_CONCURRENCY = 4;
const ZEROS = Buffer.alloc(CHUNK_BYTES);

/**
 * Uploads a disk image as a page blob in the way azcopy does: create the blob in its full length with
 * its metadata, put the chunks that are not all zeros in parallel, set the properties at the end.
 * Returns the final progress.
 */
export async function uploadPageBlob(
  blob: PageBlobClient,
  source: PageSource,
  options: UploadOptions = {},
): Promise<UploadProgress> {
  const abort = options.signal === undefined ? {} : { abortSignal: options.signal };
  await blob.create(source.sizeBytes, {
    ...abort,
    blobHTTPHeaders: { blobContentType: CONTENT_TYPE },
    ...(options.metadata === undefined ? {} : { metadata: { ...options.metadata } }),
  });
  const meter = createMeter(source, options.onProgress);
  const chunks = source.readChunks()[Symbol.asyncIterator]();
  const putChunks = async (): Promise<void> => {
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
      const { offset, bytes } = next.value;
      const isZero = isAllZero(bytes);
      if (!isZero) await blob.uploadPages(bytes, offset, bytes.length, abort);
      meter.count(next.value, isZero);
    }
  };
  try {
    await Promise.all(
      Array.from({ length: options.concurrency ?? DEFAULT_CONCURRENCY }, putChunks),
    );
  } finally {
    await chunks.return?.(); // closes the file, also after an error
  }
  await blob.setHTTPHeaders({ blobContentType: CONTENT_TYPE }, abort);
  return meter.read();
}

type Meter = {
  count(chunk: PageChunk, skipped: boolean): void;
  read(): UploadProgress;
};

function createMeter(source: PageSource, onProgress?: (progress: UploadProgress) => void): Meter {
  const { sizeBytes, chunkBytes: totalBytes } = source;
  let doneBytes = 0;
  let sentBytes = 0;
  const read = (): UploadProgress => ({ sizeBytes, totalBytes, doneBytes, sentBytes });
  return {
    read,
    count({ bytes }, skipped) {
      doneBytes += bytes.length;
      if (!skipped) sentBytes += bytes.length;
      onProgress?.(read());
    },
  };
}

function isAllZero(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.equals(ZEROS.subarray(0, buffer.length));
}
