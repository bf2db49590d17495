import { createHash } from "node:crypto";
import type { PageBlobClient } from "@azure/storage-blob";
import { type ByteRange, isCovered, joinRanges } from "./byte-ranges.ts";
import { readChunks } from "./read-chunks.ts";
import { existingBlobError, isNotFound } from "./storage-error.ts";
import {
  createMeter,
  END_KEY,
  FINISHED_KEY,
  readMetadata,
  requireUnchanged,
  runWorkers,
  type TransferOptions,
  type TransferResult,
  type TransferSource,
  UNFINISHED_KEY,
} from "./transfer.ts";

/** The most that one Put Page request takes. */
export const PAGE_CHUNK_BYTES = 4 * 1024 * 1024;
const CONTENT_TYPE = "application/octet-stream";

/**
 * Sends a fixed VHD as a page blob; an upload of the same file that was interrupted is resumed, and the
 * blob is all that is needed for it. From its creation until the upload is complete it has a mark for which the app
 * waits; the marks of the end are set when every page is there.
 * @throws CommandError for a blob that is not an unfinished upload of this file, unless it is to be
 * overwritten.
 */
export async function sendPages(
  blob: PageBlobClient,
  source: TransferSource,
  options: TransferOptions,
): Promise<TransferResult> {
  const { signal, concurrency, onProgress } = options;
  const meter = createMeter(onProgress);
  const before = await openBlob(blob, source, options);
  if (before.isComplete) {
    meter.count("keptBytes", source.sizeBytes);
    return { ...meter.read(), createdOn: before.createdOn, wasComplete: true };
  }
  const chunks = readChunks(source.reader, source.sizeBytes, PAGE_CHUNK_BYTES, source.shown);
  await runWorkers(concurrency, signal, async (abortSignal) => {
    for (let chunk = await chunks.next(); chunk !== null; chunk = await chunks.next()) {
      const { offset, bytes, isZero } = chunk;
      abortSignal.throwIfAborted();
      // A range of which only a part arrived is sent again whole.
      if (isCovered(before.ranges, { offset, count: bytes.length })) {
        meter.count("keptBytes", bytes.length);
      } else if (isZero && !touches(before.ranges, { offset, count: bytes.length })) {
        meter.count("zeroBytes", bytes.length);
      } else {
        const transactionalContentMD5 = createHash("md5").update(bytes).digest();
        await blob.uploadPages(bytes, offset, bytes.length, {
          abortSignal,
          transactionalContentMD5,
        });
        meter.count("sentBytes", bytes.length);
      }
    }
  });
  await requireUnchanged(source);
  const { etag } = await blob.getProperties({ abortSignal: signal });
  const conditions = etag === undefined ? {} : { ifMatch: etag };
  const { etag: next } = await blob.setHTTPHeaders(
    { blobContentType: CONTENT_TYPE, blobContentMD5: chunks.digest() },
    { abortSignal: signal, conditions },
  );
  await blob.setMetadata(
    { ...source.metadata, [FINISHED_KEY]: source.identity, [END_KEY]: "true" },
    { abortSignal: signal, conditions: next === undefined ? {} : { ifMatch: next } },
  );
  return { ...meter.read(), createdOn: before.createdOn, wasComplete: false };
}

interface BlobBefore {
  readonly isComplete: boolean;
  readonly createdOn: Date;
  /** Pages that an earlier run wrote, joined. */
  readonly ranges: readonly ByteRange[];
}

/** Finds the blob of an earlier run, or creates it. */
async function openBlob(
  blob: PageBlobClient,
  source: TransferSource,
  { overwrite, signal }: TransferOptions,
): Promise<BlobBefore> {
  const known = await blob.getProperties({ abortSignal: signal }).catch((error: unknown) => {
    if (isNotFound(error)) return null;
    throw error;
  });
  if (known !== null) {
    const { metadata = {}, contentLength, blobType, createdOn = new Date(0) } = known;
    const isPages = blobType === "PageBlob" && contentLength === source.sizeBytes;
    if (isPages && source.isSame(metadata[UNFINISHED_KEY])) {
      return { isComplete: false, createdOn, ranges: await listRanges(blob, signal) };
    }
    const isComplete =
      isPages && source.isSame(metadata[FINISHED_KEY]) && metadata[END_KEY] === "true";
    const isAsked = readMetadata(metadata) === readMetadata(source.metadata);
    if (isComplete && isAsked && !overwrite) return { isComplete: true, createdOn, ranges: [] };
    if (!overwrite) throw existingBlobError(blob.name, source.shown);
  }
  await blob.create(source.sizeBytes, {
    abortSignal: signal,
    blobHTTPHeaders: { blobContentType: CONTENT_TYPE },
    metadata: { ...source.metadata, [UNFINISHED_KEY]: source.identity },
    // Somebody else's blob that appeared meanwhile is not replaced.
    conditions: known === null ? { ifNoneMatch: "*" } : { ifMatch: known.etag ?? "*" },
  });
  const { createdOn = new Date(0) } = await blob.getProperties({ abortSignal: signal });
  return { isComplete: false, createdOn, ranges: [] };
}

async function listRanges(
  blob: PageBlobClient,
  abortSignal: AbortSignal,
): Promise<readonly ByteRange[]> {
  const ranges: ByteRange[] = [];
  for await (const { start, end, isClear } of blob.listPageRanges(0, undefined, { abortSignal })) {
    if (isClear !== true) ranges.push({ offset: start, count: end - start + 1 });
  }
  return joinRanges(ranges);
}

function touches(joined: readonly ByteRange[], range: ByteRange): boolean {
  return joined.some(
    ({ offset, count }) => offset < range.offset + range.count && range.offset < offset + count,
  );
}
