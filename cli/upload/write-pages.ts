import type { PageBlobClient } from "@azure/storage-blob";
import { type ByteRange, isCovered } from "./byte-ranges.ts";
import { countSkipped } from "./read-chunks.ts";
import { sendChunks } from "./send-chunks.ts";
import { splitPages } from "./split-pages.ts";
import type { DiskContent, Meter, TransferOptions } from "./transfer.ts";

/** The most that one Put Page request takes. */
const PAGE_CHUNK_BYTES = 4 * 1024 * 1024;

/**
 * Writes a disk to a page blob of its length. Zeros are left out, unless something was written where they
 * belong.
 * @param written what is in the blob already, joined
 * @returns the MD5 of the whole; null where not all of it was read
 */
export function writePages(
  blob: PageBlobClient,
  content: DiskContent,
  options: Pick<TransferOptions, "concurrency" | "signal">,
  meter: Meter,
  written: readonly ByteRange[] = [],
): Promise<Buffer | null> {
  const { data } = content;
  const read = data === undefined ? content : { ...content, data: [...data, ...written] };
  return sendChunks(read, PAGE_CHUNK_BYTES, options, meter, {
    split: splitPages,
    judge({ offset, bytes, isZero }) {
      const range = { offset, count: bytes.length };
      // A range of which only a part arrived is sent again whole.
      if (isCovered(written, range)) return "kept";
      return isZero && !touches(written, range) ? "zero" : "send";
    },
    send: ({ offset, bytes }, request) => blob.uploadPages(bytes, offset, bytes.length, request),
  });
}

/** Bytes that {@link writePages} knows to be zeros without reading them. */
export function countUnread(content: DiskContent): number {
  return countSkipped(content, PAGE_CHUNK_BYTES);
}

function touches(joined: readonly ByteRange[], range: ByteRange): boolean {
  return joined.some(
    ({ offset, count }) => offset < range.offset + range.count && range.offset < offset + count,
  );
}
