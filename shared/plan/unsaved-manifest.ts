import type { BlobRef } from "../image/image-request.ts";
import type { BlobProperties, BlobStore } from "../ports.ts";

/** An ETag that no blob has. */
const UNSAVED = '"unsaved"';

/** The blobs as they would be if a manifest had just been uploaded under a name. */
export function withManifest(
  base: BlobStore,
  { container, name }: BlobRef,
  bytes: Uint8Array,
  now: Date,
): { readonly blobs: BlobStore; readonly blob: BlobProperties } {
  const blob: BlobProperties = {
    container,
    name,
    etag: UNSAVED,
    length: bytes.length,
    type: "BlockBlob",
    createdOn: now,
    lastModified: now,
    readAt: now,
    copyStatus: null,
    copyCompletedOn: null,
    contentMd5: null,
    lease: null,
    metadata: {},
  };
  const isIt = (ref: BlobRef): boolean => ref.container === container && ref.name === name;
  const blobs: BlobStore = {
    ...base,
    getProperties: async (ref) => (isIt(ref) ? blob : base.getProperties(ref)),
    read: async (ref, range) =>
      isIt(ref) ? bytes.subarray(range.offset, range.offset + range.count) : base.read(ref, range),
  };
  return { blobs, blob };
}
