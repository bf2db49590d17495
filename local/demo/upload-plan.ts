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

/** Uploads one blob of the plan into the container: manifests at once, VHDs as azcopy does. */
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
  const progress = await uploadPageBlob(container.getPageBlobClient(blob), await content.open(), {
    signal,
    onProgress: (now) => observer.progressed(upload, now),
    ...(content.metadata === undefined ? {} : { metadata: content.metadata }),
  });
  observer.ended(upload, progress);
}
