import { readStatusCode } from "../errors.ts";
import type { InternalQueue } from "./internal-queue.ts";
import { type BlobTriggerMessage, quoteETag, toBlobType } from "./message.ts";
import type { BlobReceipts } from "./receipts.ts";
import type { BlobTrigger } from "./trigger.ts";

/** Turns "this blob may have changed" into at most one message per function and ETag. */
export interface ScanNotifier {
  /** Returns false when the receipt is held by another host, so that the blob is checked again. */
  notify(trigger: BlobTrigger, blobName: string): Promise<boolean>;
}

/** Returns the notifier of scan mode: path match, current ETag, receipt, message. */
export function createScanNotifier(queue: InternalQueue, receipts: BlobReceipts): ScanNotifier {
  return {
    async notify(trigger, blobName) {
      if (trigger.pattern.match(blobName) === undefined) return true;
      const message = await describeBlob(trigger, blobName);
      if (message === undefined) return true;
      const outcome = await receipts.once(message, () => queue.enqueue(message));
      return outcome !== "busy";
    },
  };
}

async function describeBlob(
  trigger: BlobTrigger,
  blobName: string,
): Promise<BlobTriggerMessage | undefined> {
  const containerName = trigger.pattern.container;
  const blob = trigger.blobs.getContainerClient(containerName).getBlobClient(blobName);
  try {
    const { etag = "", blobType } = await blob.getProperties();
    return {
      functionId: trigger.target.id,
      blobType: toBlobType(blobType),
      containerName,
      blobName,
      etag: quoteETag(etag),
    };
  } catch (error) {
    if (readStatusCode(error) === 404) return undefined;
    throw error;
  }
}
