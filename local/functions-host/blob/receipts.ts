import type { BlockBlobClient, ContainerClient } from "@azure/storage-blob";
import { readStatusCode } from "../errors.ts";
import type { BlobTriggerMessage } from "./message.ts";

const COMPLETED = "completed";
/** How long one host may take between claiming a receipt and completing it. */
const LEASE_SECONDS = 30;

/** `enqueued` now, `known` from before, or `busy`: another host is at it, so ask again later. */
export type ReceiptOutcome = "enqueued" | "known" | "busy";

/**
 * Remembers, per function, blob and ETag, that a message was put on the internal queue. A receipt
 * means "queued", not "processed".
 */
export interface BlobReceipts {
  /** Runs `enqueue` unless the receipt is complete or somebody else's, and completes it. */
  once(message: BlobTriggerMessage, enqueue: () => Promise<void>): Promise<ReceiptOutcome>;
}

/**
 * Returns the receipts kept as empty block blobs at
 * `blobreceipts/{hostId}/{functionId}/{"ETag"}/{container}/{blob}` of the host's container, with
 * the state in their metadata, claimed under a 30 s lease.
 */
export function createBlobReceipts(container: ContainerClient, hostId: string): BlobReceipts {
  return {
    async once(message, enqueue) {
      const receipt = container.getBlockBlobClient(toReceiptPath(hostId, message));
      if (await isComplete(receipt)) return "known";
      const isNew = { ifNoneMatch: "*" };
      await receipt.upload("", 0, { conditions: isNew }).catch(ignore(409, 412));
      const lease = receipt.getBlobLeaseClient();
      const acquired = await lease.acquireLease(LEASE_SECONDS).catch(ignore(409));
      if (acquired === undefined) return "busy";
      const wasCompletedMeanwhile = await isComplete(receipt);
      if (!wasCompletedMeanwhile) {
        await enqueue();
        const conditions = { leaseId: lease.leaseId };
        await receipt.setMetadata({ [COMPLETED]: "true" }, { conditions });
      }
      await lease.releaseLease();
      return wasCompletedMeanwhile ? "known" : "enqueued";
    },
  };
}

async function isComplete(receipt: BlockBlobClient): Promise<boolean> {
  const state = await receipt.getProperties().catch(ignore(404));
  return state?.metadata?.[COMPLETED] === "true";
}

function toReceiptPath(hostId: string, message: BlobTriggerMessage): string {
  const { functionId, etag, containerName, blobName } = message;
  return `blobreceipts/${hostId}/${functionId}/${etag}/${containerName}/${blobName}`;
}

function ignore(...statusCodes: readonly number[]): (error: unknown) => undefined {
  return (error) => {
    if (!statusCodes.includes(readStatusCode(error) ?? 0)) throw error;
  };
}
