import { createHash } from "node:crypto";
import type { BlockBlobClient } from "@azure/storage-blob";
import { isFinishedUpload, readKnownBlob, replaceOnly } from "./known-blob.ts";
import { sendChunks } from "./send-chunks.ts";
import { existingBlobError, isNotFound } from "./storage-error.ts";
import {
  CONTENT_TYPE,
  createMeter,
  END_KEY,
  FINISHED_KEY,
  requireUnchanged,
  type TransferOptions,
  type TransferResult,
  type TransferSource,
} from "./transfer.ts";

const MIB = 1024 * 1024;
const LEAST_BLOCK_BYTES = 4 * MIB;
/** A block blob has so many blocks at most. */
const MAX_BLOCKS = 50_000;

/**
 * Sends a file as it is, as a block blob. Blocks that an interrupted run of the same file has sent are
 * kept by storage for a week, and not sent again; the blob appears when all are there, so that nothing
 * can be made of a part.
 * @throws CommandError for a blob that is not an upload of this file, unless it is to be overwritten;
 * when the file changed meanwhile.
 */
export async function sendBlocks(
  blob: BlockBlobClient,
  source: TransferSource,
  options: TransferOptions,
): Promise<TransferResult> {
  const { signal, onProgress, overwrite } = options;
  const { sizeBytes, identity, metadata } = source;
  const meter = createMeter(onProgress);
  const known = await readKnownBlob(blob, "BlockBlob", signal);
  if (known !== null && !overwrite) {
    if (!isFinishedUpload(known, source)) throw existingBlobError(blob.name, source.shown);
    meter.add({ keptBytes: sizeBytes });
    return { ...meter.read(), createdOn: known.createdOn, wasComplete: true };
  }
  const blockBytes = blockSizeFor(sizeBytes);
  const staged = await listStaged(blob, signal);
  const idOf = (offset: number): string => blockId(identity, blockBytes, offset / blockBytes);
  const { data: _, ...whole } = source; // a block blob has no holes
  const md5 = await sendChunks(whole, blockBytes, options, meter, {
    split: (block) => [block],
    judge: ({ offset, bytes }) => (staged.get(idOf(offset)) === bytes.length ? "kept" : "send"),
    send: ({ offset, bytes }, request) =>
      blob.stageBlock(idOf(offset), bytes, bytes.length, request),
  });
  await requireUnchanged(source);
  const count = Math.ceil(sizeBytes / blockBytes);
  const ids = Array.from({ length: count }, (_, index) => idOf(index * blockBytes));
  await blob.commitBlockList(ids, {
    abortSignal: signal,
    blobHTTPHeaders: { blobContentType: CONTENT_TYPE, ...(md5 && { blobContentMD5: md5 }) },
    metadata: { ...metadata, [FINISHED_KEY]: identity, [END_KEY]: "true" },
    conditions: replaceOnly(known),
  });
  const { createdOn = new Date(0) } = await blob.getProperties({ abortSignal: signal });
  return { ...meter.read(), createdOn, wasComplete: false };
}

/** The size of the blocks of a file: 4 MiB, or more whole MiB where there would be too many. */
export function blockSizeFor(sizeBytes: number): number {
  return Math.max(LEAST_BLOCK_BYTES, Math.ceil(sizeBytes / MAX_BLOCKS / MIB) * MIB);
}

/** The same block of the same file has the same id, in every run; all ids are of one length. */
function blockId(identity: string, blockBytes: number, index: number): string {
  const hash = createHash("sha256").update(`${blockBytes} ${identity}`).digest("hex").slice(0, 16);
  return Buffer.from(`${hash}-${String(index).padStart(7, "0")}`).toString("base64");
}

/** Blocks that were sent and not committed, with their sizes. */
async function listStaged(
  blob: BlockBlobClient,
  abortSignal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  try {
    const { uncommittedBlocks = [] } = await blob.getBlockList("uncommitted", { abortSignal });
    return new Map(uncommittedBlocks.map(({ name, size }) => [name, size]));
  } catch (error) {
    if (isNotFound(error)) return new Map();
    throw error;
  }
}
