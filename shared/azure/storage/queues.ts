import type { QueueClient } from "@azure/storage-queue";
import type { StatusQueue, WorkQueue } from "../../ports.ts";

const PEEK_COUNT = 32;
/** The queue service takes a visibility delay of at most seven days, in seconds. */
const MAX_DELAY_SECONDS = 7 * 24 * 3600;
/** Work messages live until they are processed, however long the app is down. */
const FOREVER = -1;

/** Sends steps to the work queue, visible after a delay. */
export function createWorkQueue(queue: QueueClient): WorkQueue {
  return {
    async send(message, delaySeconds) {
      const visibilityTimeout = Math.min(MAX_DELAY_SECONDS, Math.ceil(delaySeconds));
      await queue.sendMessage(encode(message), { visibilityTimeout, messageTimeToLive: FOREVER });
    },
  };
}

/** Publishes state changes; whoever consumes the queue deletes them, or they expire after a week. */
export function createStatusQueue(queue: QueueClient): StatusQueue {
  return {
    async publish(event) {
      await queue.sendMessage(encode(event));
    },
    async peek() {
      const [properties, peeked] = await Promise.all([
        queue.getProperties(),
        queue.peekMessages({ numberOfMessages: PEEK_COUNT }),
      ]);
      return {
        approximateMessageCount: properties.approximateMessagesCount ?? 0,
        messages: peeked.peekedMessageItems.flatMap((item) => decode(item.messageText)),
      };
    },
  };
}

/** Base64 of JSON: what the Functions host reads and writes by default. */
function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64");
}

/** The message, or nothing for one that somebody else put there. */
function decode(text: string): unknown[] {
  try {
    return [JSON.parse(Buffer.from(text, "base64").toString("utf8"))];
  } catch {
    return [];
  }
}
