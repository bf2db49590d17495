import type { TypedData } from "../core-types.ts";
import type { TriggerData } from "../functions.ts";
import { toJsonData, toStringData } from "../typed-data.ts";
import type { QueueMessage } from "./processor.ts";

/** Returns what a queue-triggered function is given for a message. */
export function toQueueTriggerData({ text, item }: QueueMessage, queueName: string): TriggerData {
  const metadata: Record<string, TypedData> = {
    QueueTrigger: toStringData(text),
    DequeueCount: toJsonData(item.dequeueCount),
    Id: toStringData(item.messageId),
    PopReceipt: toStringData(item.popReceipt),
    InsertionTime: toJsonData(item.insertedOn),
    ExpirationTime: toJsonData(item.expiresOn),
    NextVisibleTime: toJsonData(item.nextVisibleOn),
  };
  mergeBodyProperties(metadata, text);
  return {
    input: toStringData(text),
    metadata,
    reason: `New queue message detected on '${queueName}'.`,
  };
}

/** Returns what a queue-triggered function is given when it is run by hand with `text`. */
export function toManualQueueData(text: string, reason: string): TriggerData {
  const metadata: Record<string, TypedData> = { QueueTrigger: toStringData(text) };
  mergeBodyProperties(metadata, text);
  return { input: toStringData(text), metadata, reason };
}

/**
 * The host lays the top-level properties of a JSON body over the system's metadata, as strings and
 * without regard to case: a property named `id` hides the message's own id.
 */
function mergeBodyProperties(metadata: Record<string, TypedData>, text: string): void {
  const body = parseObject(text);
  for (const [key, value] of Object.entries(body)) {
    if (value === null || Array.isArray(value)) continue;
    const known = Object.keys(metadata).find((name) => name.toLowerCase() === key.toLowerCase());
    const shown = typeof value === "object" ? JSON.stringify(value) : String(value);
    metadata[known ?? key] = toStringData(shown);
  }
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}
