import type { PageBlobClient } from "@azure/storage-blob";
import { readImage, type SparseImage } from "../../local/sample-vhds/index.ts";
import type { BlobWriter } from "./perform.ts";

/**
 * Writes a disk to a page blob through the storage service. Azurite knows no Put Page From URL, so
 * copies from service to service put their pages; and it copies within one request, so a server-side
 * copy is complete at once.
 */
export function createServiceWriter(
  blob: PageBlobClient,
  source: { readonly image: SparseImage; readonly copySource: string },
): BlobWriter {
  const { image, copySource } = source;
  const answered = ({ etag }: { etag?: string | undefined }): string => {
    if (etag === undefined) throw new TypeError("Blob Storage sent no the ETag");
    return etag;
  };
  return {
    create: async ({ metadata, contentMd5 }) =>
      answered(
        await blob.create(image.sizeBytes, {
          metadata: { ...metadata },
          blobHTTPHeaders: headersOf(contentMd5),
        }),
      ),
    putPages: async ({ offset, count }, ifMatch) =>
      answered(
        await blob.uploadPages(readImage(image, offset, count), offset, count, {
          conditions: ifMatch === null ? {} : { ifMatch },
        }),
      ),
    setProperties: async ({ contentMd5 }) =>
      answered(await blob.setHTTPHeaders(headersOf(contentMd5))),
    setMetadata: async (metadata) => answered(await blob.setMetadata({ ...metadata })),
    startCopy: async () =>
      answered(await (await blob.beginCopyFromURL(copySource)).pollUntilDone()),
    copyPages: async () => {},
    finishCopy: async () => answered(await blob.getProperties()),
    delete: async () => {
      await blob.delete();
    },
  };
}

function headersOf(contentMd5: string | null): { blobContentMD5?: Uint8Array } {
  return contentMd5 === null ? {} : { blobContentMD5: Buffer.from(contentMd5, "hex") };
}
