import type { PageBlobClient } from "@azure/storage-blob";
import { type ByteRange, joinRanges } from "./byte-ranges.ts";
import { isFinishedUpload, readKnownBlob, replaceOnly } from "./known-blob.ts";
import { existingBlobError } from "./storage-error.ts";
import {
  CONTENT_TYPE,
  createMeter,
  END_KEY,
  FINISHED_KEY,
  requireUnchanged,
  type TransferOptions,
  type TransferResult,
  type TransferSource,
  UNFINISHED_KEY,
} from "./transfer.ts";
import { writePages } from "./write-pages.ts";

/**
 * Sends a fixed VHD as a page blob; an upload of the same file that was interrupted is resumed, and the
 * blob is all that is needed for it. From its creation until the upload is complete it has a mark for
 * which the app waits; the marks of the end are set when every page is there.
 * @throws CommandError for a blob that is not an unfinished upload of this file, unless it is to be
 * overwritten; when the file changed meanwhile.
 */
export async function sendPages(
  blob: PageBlobClient,
  source: TransferSource,
  options: TransferOptions,
): Promise<TransferResult> {
  const { signal, onProgress } = options;
  const meter = createMeter(onProgress);
  const before = await openBlob(blob, source, options);
  if (before.isComplete) {
    meter.add({ keptBytes: source.sizeBytes });
    return { ...meter.read(), createdOn: before.createdOn, wasComplete: true };
  }
  const md5 = await writePages(blob, source, options, meter, before.ranges);
  await requireUnchanged(source);
  const { etag } = await blob.getProperties({ abortSignal: signal });
  const conditions = etag === undefined ? {} : { ifMatch: etag };
  const { etag: next } = await blob.setHTTPHeaders(
    { blobContentType: CONTENT_TYPE, ...(md5 && { blobContentMD5: md5 }) },
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
  const known = await readKnownBlob(blob, "PageBlob", signal);
  if (known !== null) {
    const { sizeBytes, createdOn, metadata } = known;
    if (sizeBytes === source.sizeBytes && source.isSame(metadata[UNFINISHED_KEY])) {
      return { isComplete: false, createdOn, ranges: await listRanges(blob, signal) };
    }
    if (!overwrite) {
      if (!isFinishedUpload(known, source)) throw existingBlobError(blob.name, source.shown);
      return { isComplete: true, createdOn, ranges: [] };
    }
  }
  await blob.create(source.sizeBytes, {
    abortSignal: signal,
    blobHTTPHeaders: { blobContentType: CONTENT_TYPE },
    metadata: { ...source.metadata, [UNFINISHED_KEY]: source.identity },
    conditions: replaceOnly(known),
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
