import type { PageBlobClient } from "@azure/storage-blob";
import type { PageChunk, PageSource } from "./page-source.ts";

export type UploadProgress = {
  /** Length of the blob. */
  readonly sizeBytes: number;
  /** Bytes that the source has to offer; for a sparse image fewer than the blob is long. */
  readonly totalBytes: number;
  /** Of these, what was dealt with: sent, or skipped because it is zero. */
  readonly doneBytes: number;
  /** Of these, what was sent. */
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
/** What is compared with zeros at once; pages are 512 bytes long. */
const BLOCK_BYTES = 4096;
/** Zeros between two pieces of content that cost less to send than another request does. */
const GAP_BYTES = 256 * 1024;
const ZEROS = Buffer.alloc(BLOCK_BYTES);

/**
 * Uploads a disk image as a page blob in the way azcopy does: create the blob in its full length with
 * its metadata, put the chunks that are not all zeros in parallel, set the properties at the end.
 * Unlike azcopy it leaves out the zeros around the content of a chunk, and long ones within it: a sample
 * has a few sectors in each, and the emulator calculates a checksum of every byte in JavaScript.
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
      let sentBytes = 0;
      for (const { offset, bytes } of listContent(next.value)) {
        await blob.uploadPages(bytes, offset, bytes.length, abort);
        sentBytes += bytes.length;
      }
      meter.count(next.value.bytes.length, sentBytes);
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
  count(doneBytes: number, sentBytes: number): void;
  read(): UploadProgress;
};

function createMeter(source: PageSource, onProgress?: (progress: UploadProgress) => void): Meter {
  const { sizeBytes, chunkBytes: totalBytes } = source;
  let doneBytes = 0;
  let sentBytes = 0;
  const read = (): UploadProgress => ({ sizeBytes, totalBytes, doneBytes, sentBytes });
  return {
    read,
    count(done, sent) {
      doneBytes += done;
      sentBytes += sent;
      onProgress?.(read());
    },
  };
}

/** Returns the parts of a chunk that hold something, in whole blocks, with the short gaps between them. */
function listContent({ offset, bytes }: PageChunk): readonly PageChunk[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: { start: number; end: number }[] = [];
  for (let start = 0; start < buffer.length; start += BLOCK_BYTES) {
    const block = buffer.subarray(start, start + BLOCK_BYTES);
    if (block.equals(ZEROS.subarray(0, block.length))) continue;
    const end = start + block.length;
    const last = parts.at(-1);
    if (last !== undefined && start - last.end <= GAP_BYTES) last.end = end;
    else parts.push({ start, end });
  }
  return parts.map(({ start, end }) => ({
    offset: offset + start,
    bytes: buffer.subarray(start, end),
  }));
}
