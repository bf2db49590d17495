import type { DiskReader } from "../disk/disk-reader.ts";
import type { BlobProperties } from "../ports.ts";
import type { StageContext } from "./stage.ts";

/** Reads of a blob as it is now: each fails when the blob has changed. */
export function readerOf(blob: BlobProperties, { blobs }: Pick<StageContext, "blobs">): DiskReader {
  const ref = { container: blob.container, name: blob.name };
  return {
    length: blob.length,
    read: (offset, count) => blobs.read(ref, { offset, count, etag: blob.etag }),
    isWritten: async (end) => {
      if (blob.type !== "PageBlob") return null;
      const { ranges, hasMore } = await blobs.listPageRanges(ref, { etag: blob.etag, limit: 1 });
      return hasMore || ranges.some(({ offset }) => offset < end);
    },
    listWritten: async (offset, limit) => {
      if (blob.type !== "PageBlob") return null;
      return blobs.listPageRanges(ref, { etag: blob.etag, offset, limit });
    },
  };
}
