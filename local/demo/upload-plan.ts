import type { ContainerClient } from "@azure/storage-blob";
import {
  countUnread,
  doneBytes,
  sendBlocks,
  sendPages,
  type TransferProgress,
} from "../../cli/upload/index.ts";
import type { PlannedUpload } from "./plan.ts";
import type { UploadProgress } from "./progress-bar.ts";

/** What the demo receives while it uploads. */
export type UploadObserver = {
  started(upload: PlannedUpload): void;
  progressed(upload: PlannedUpload, progress: UploadProgress): void;
  /** @param progress undefined for a manifest */
  ended(upload: PlannedUpload, progress: UploadProgress | undefined): void;
};

const CONCURRENCY = 4;

/** Uploads one blob of the plan into the container: manifests at once, disks as the command does. */
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
  const source = await content.open();
  const unreadBytes = content.kind === "vhd" ? countUnread(source) : 0;
  const measure = (progress: TransferProgress): UploadProgress => ({
    sizeBytes: source.sizeBytes,
    totalBytes: source.sizeBytes - unreadBytes,
    doneBytes: doneBytes(progress) - unreadBytes,
    sentBytes: progress.sentBytes,
  });
  const transfer = {
    overwrite: true, // of an earlier demo with the same storage
    concurrency: CONCURRENCY,
    signal,
    onProgress: (now: TransferProgress) => observer.progressed(upload, measure(now)),
  };
  const disk = { ...source, metadata: content.metadata ?? {} };
  try {
    const result =
      content.kind === "file"
        ? await sendBlocks(container.getBlockBlobClient(blob), disk, transfer)
        : await sendPages(container.getPageBlobClient(blob), disk, transfer);
    observer.ended(upload, measure(result));
  } finally {
    await source.close();
  }
}
