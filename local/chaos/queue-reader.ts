import { type QueueClient, QueueServiceClient, RestError } from "@azure/storage-queue";
import type { CloudEvent } from "../../shared/events.ts";

/** What is in the queues; status events are taken out and remembered. */
export type QueueReader = {
  /** Takes everything from the status queue; returns all events so far, repeats included. */
  drainStatus(): Promise<readonly StatusEvent[]>;
  /** Messages that are there, also those that are invisible at present. */
  count(queue: string): Promise<number>;
  /** Bodies of the messages that are visible at present, as text. */
  peek(queue: string): Promise<readonly string[]>;
  /** Names of the queues of the account. */
  list(): Promise<readonly string[]>;
};

/** The parts of a message on the status queue that are audited. */
export type StatusEvent = Pick<CloudEvent, "id" | "sequence"> & {
  readonly data: { readonly requestId: string; readonly state: string };
};

const BATCH = 32;

/** Returns a reader of the account's queues. */
export function createQueueReader(connectionString: string, statusQueue: string): QueueReader {
  const service = QueueServiceClient.fromConnectionString(connectionString);
  const status = service.getQueueClient(statusQueue);
  const events: StatusEvent[] = [];
  return {
    async drainStatus() {
      for (let batch = await take(status); batch.length > 0; batch = await take(status)) {
        events.push(...batch.map((text) => JSON.parse(decode(text)) as StatusEvent));
      }
      return events;
    },
    async count(queue) {
      const properties = await ignoreMissing(service.getQueueClient(queue).getProperties());
      return properties?.approximateMessagesCount ?? 0;
    },
    async peek(queue) {
      const peeked = await ignoreMissing(
        service.getQueueClient(queue).peekMessages({ numberOfMessages: BATCH }),
      );
      return (peeked?.peekedMessageItems ?? []).map(({ messageText }) => decode(messageText));
    },
    async list() {
      const names: string[] = [];
      for await (const { name } of service.listQueues()) names.push(name);
      return names;
    },
  };
}

async function take(queue: QueueClient): Promise<string[]> {
  const received = await ignoreMissing(queue.receiveMessages({ numberOfMessages: BATCH }));
  const items = received?.receivedMessageItems ?? [];
  await Promise.all(items.map((item) => queue.deleteMessage(item.messageId, item.popReceipt)));
  return items.map(({ messageText }) => messageText);
}

async function ignoreMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof RestError && error.statusCode === 404) return undefined;
    throw error;
  }
}

function decode(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}
