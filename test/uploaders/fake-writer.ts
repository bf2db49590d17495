import { readImage, type SparseImage } from "../../local/sample-vhds/index.ts";
import type { BlobRef } from "../../shared/image/image-request.ts";
import type { FakeBlobStore } from "../fakes/blob-store.ts";
import type { BlobWriter } from "./perform.ts";

/** Writes a disk to a blob of the fake store. `onWrite` hears of every change that gives a new ETag. */
export function createFakeWriter(
  blobs: FakeBlobStore,
  ref: BlobRef,
  image: SparseImage,
  onWrite: () => void,
): BlobWriter {
  const tailOffset = image.sizeBytes - 512;
  // The fake keeps the end of a blob only, so nothing else needs to be made.
  const readTail = ({ offset, count }: { offset: number; count: number }) => {
    const start = Math.max(offset, tailOffset);
    return { start, bytes: readImage(image, start, Math.max(0, offset + count - start)) };
  };
  const wrote = (): string => {
    onWrite();
    return blobs.etagOf(ref);
  };
  return {
    async create({ metadata, contentMd5 }) {
      blobs.createPageBlob(ref, image.sizeBytes, { ...metadata });
      if (contentMd5 !== null) blobs.setContentMd5(ref, contentMd5);
      return wrote();
    },
    async putPages(page, ifMatch) {
      const { start, bytes } = readTail(page);
      blobs.putPages(ref, start, bytes, ifMatch);
      return wrote();
    },
    async setProperties({ contentMd5 }) {
      blobs.setContentMd5(ref, contentMd5);
      return wrote();
    },
    async setMetadata(metadata) {
      blobs.setMetadata(ref, { ...metadata });
      return wrote();
    },
    async startCopy() {
      blobs.createPageBlob(ref, image.sizeBytes);
      blobs.setCopyStatus(ref, "pending");
      return wrote();
    },
    async copyPages(page) {
      const { start, bytes } = readTail(page);
      blobs.copyPages(ref, start, bytes);
    },
    async finishCopy(status) {
      blobs.setCopyStatus(ref, status);
      return wrote();
    },
    async delete() {
      blobs.remove(ref);
      onWrite();
    },
  };
}
