import type { ContainerClient } from "@azure/storage-blob";
import { type UploadProgress, uploadPageBlob } from "../upload/index.ts";
import type { PlannedUpload } from "./plan.ts";

/** What the demo receives while it uploads. */
export type UploadObserver = {
  started(upload: PlannedUpload): void;
  progressed(upload: PlannedUpload, progress: UploadProgress): void;
  /** @param progress undefined for a manifest */
  ended(upload: PlannedUpload, progress: UploadProgress | undefined): void;
};

const BLOCK_BYTES = 4 * 1024 * 1024;

/** Uploads one blob of the plan into the container: manifests at once, disks as azcopy does. */
export async function performUpload(
  container: ContainerClient,
  upload: PlannedUpload,
  observer: UploadObserver,
  signal: AbortSignal,
): Promise<void> {
  observer.started(upload);
  const { content, blob } = upload;
  if (content.kind === "manifest") {
    const text = JSON.stringify(content.body, null, 2);
    await container.getBlockBlobClient(blob).upload(text, Buffer.byteLength(text), {
      abortSignal: signal,
      blobHTTPHeaders: { blobContentType: "application/json" },
    });
    observer.ended(upload, undefined);
    return;
  }
  const metadata = content.metadata === undefined ? {} : { metadata: { ...content.metadata } };
  if (content.kind === "file") {
    const bytes = await content.open();
    const measure = (sentBytes: number): UploadProgress => {
      const sizeBytes = bytes.length;
      return { sizeBytes, totalBytes: sizeBytes, doneBytes: sentBytes, sentBytes };
    };
    await container.getBlockBlobClient(blob).uploadData(bytes, {
      abortSignal: signal,
      blockSize: BLOCK_BYTES,
      maxSingleShotSize: BLOCK_BYTES,
      onProgress: ({ loadedBytes }) => observer.progressed(upload, measure(loadedBytes)),
      ...metadata,
    });
    observer.ended(upload, measure(bytes.length));
    return;
  }
  const progress = await uploadPageBlob(container.getPageBlobClient(blob), await content.open(), {
    signal,
    onProgress: (now) => observer.progressed(upload, now),
    ...metadata,
  });
  observer.ended(upload, progress);
}
