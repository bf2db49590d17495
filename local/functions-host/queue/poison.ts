import type { QueueClient, QueueServiceClient } from "@azure/storage-queue";

const POISON_SUFFIX = "-poison";

/** Whether a queue is where failed messages of another one go. */
export const isPoisonQueue = (queueName: string): boolean => queueName.endsWith(POISON_SUFFIX);

/** Queue names have at most 63 characters. */
const MAX_QUEUE_NAME_LENGTH = 63;

/**
 * Returns the poison queue of a queue, or undefined when it has none: a poison queue itself, or a
 * queue whose name leaves no room for the suffix.
 */
export function findPoisonQueue(
  service: QueueServiceClient,
  queueName: string,
): QueueClient | undefined {
  const poisonName = `${queueName}${POISON_SUFFIX}`;
  const hasNone = isPoisonQueue(queueName) || poisonName.length > MAX_QUEUE_NAME_LENGTH;
  return hasNone ? undefined : service.getQueueClient(poisonName);
}

/** Sends `text` (as it is on the queue) to a poison queue, which is created when missing. */
export async function sendToPoison(poison: QueueClient, text: string): Promise<void> {
  await poison.createIfNotExists();
  await poison.sendMessage(text);
}
