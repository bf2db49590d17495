import type { QueueClient } from "@azure/storage-queue";
import type { HostContext } from "../host-context.ts";
import { encodeMessage } from "../queue/message-text.ts";
import {
  type BlobTriggerMessage,
  formatBlobTriggerMessage,
  getInternalQueueName,
} from "./message.ts";

/** The queue between "there is a blob" and "the function runs", shared by all blob functions. */
export interface InternalQueue {
  readonly client: QueueClient;
  enqueue(message: BlobTriggerMessage): Promise<void>;
}

/** Opens the internal queue on the host's storage account and creates it when missing. */
export async function openInternalQueue(context: HostContext): Promise<InternalQueue> {
  const service = context.accounts.queues(context.hostStorage);
  const client = service.getQueueClient(getInternalQueueName(context.hostId));
  await client.createIfNotExists();
  const { messageEncoding } = context.config.queues;
  return {
    client,
    async enqueue(message) {
      await client.sendMessage(encodeMessage(formatBlobTriggerMessage(message), messageEncoding));
    },
  };
}
