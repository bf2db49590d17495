import type { QueueClient, ReceivedMessageItem } from "@azure/storage-queue";
import { describeError, readStatusCode } from "../errors.ts";
import type { HostLog } from "../log.ts";
import { holdLease } from "./lease.ts";
import { decodeMessage, type MessageEncoding } from "./message-text.ts";
import { sendToPoison } from "./poison.ts";

/** A message as a function sees it. */
export interface QueueMessage {
  readonly text: string;
  readonly item: ReceivedMessageItem;
}

/** The rules by which one queue's messages are run and settled. */
export interface ProcessorOptions {
  readonly queue: QueueClient;
  /** Returns where a message with this body goes when it failed for good; undefined: nowhere. */
  readonly findPoison: (messageText: string) => QueueClient | undefined;
  /** Told the URL of a poison queue that has a new message. */
  readonly onPoison: (queueUrl: string) => void;
  readonly encoding: MessageEncoding;
  readonly maxDequeueCount: number;
  /** Seconds until a failed message can be received again. */
  readonly failureVisibilitySeconds: number;
  /** Seconds for which a received message is invisible to others, renewed while it runs. */
  readonly leaseSeconds: number;
  /** Runs the function; false when the run failed. */
  readonly run: (message: QueueMessage) => Promise<boolean>;
  readonly log: HostLog;
}

/**
 * Runs one received message and settles it: deleted after success, visible again after failure,
 * moved to the poison queue after the last attempt. A message that was received more often than
 * allowed (its earlier runs died) or that cannot be decoded is poison without a run.
 */
export async function processMessage(
  options: ProcessorOptions,
  item: ReceivedMessageItem,
): Promise<void> {
  const text = decodeMessage(item.messageText, options.encoding);
  if (text === undefined || item.dequeueCount > options.maxDequeueCount) {
    await moveToPoison(options, item, item.popReceipt);
    return;
  }
  const lease = holdLease(options.queue, item, options.leaseSeconds, options.log);
  const succeeded = await runSafely(options, { text, item });
  const popReceipt = await lease.end();
  if (succeeded) await deleteMessage(options.queue, item, popReceipt);
  else if (item.dequeueCount >= options.maxDequeueCount) {
    await moveToPoison(options, item, popReceipt);
  } else await release(options, item, popReceipt);
}

/** A run that could not even start is a failed run. */
async function runSafely(options: ProcessorOptions, message: QueueMessage): Promise<boolean> {
  try {
    return await options.run(message);
  } catch (error) {
    const reason = describeError(error);
    options.log("error", "Host.Queues", `Message ${message.item.messageId}: ${reason}`);
    return false;
  }
}

async function moveToPoison(
  options: ProcessorOptions,
  item: ReceivedMessageItem,
  popReceipt: string,
): Promise<void> {
  const { queue, log } = options;
  const poison = options.findPoison(item.messageText);
  // Without a poison queue a failed message is left alone until its lease runs out.
  if (poison === undefined) return;
  await sendToPoison(poison, item.messageText);
  options.onPoison(poison.url);
  log("warning", "Host.Queues", `Moved message ${item.messageId} to ${poison.name}`);
  await deleteMessage(queue, item, popReceipt);
}

async function deleteMessage(
  queue: QueueClient,
  item: ReceivedMessageItem,
  popReceipt: string,
): Promise<void> {
  await ignoreLostMessage(queue.deleteMessage(item.messageId, popReceipt));
}

async function release(
  { queue, failureVisibilitySeconds }: ProcessorOptions,
  item: ReceivedMessageItem,
  popReceipt: string,
): Promise<void> {
  await ignoreLostMessage(
    queue.updateMessage(item.messageId, popReceipt, undefined, failureVisibilitySeconds),
  );
}

/** A message that somebody else received or deleted meanwhile is theirs to settle. */
async function ignoreLostMessage(settling: Promise<unknown>): Promise<void> {
  try {
    await settling;
  } catch (error) {
    const status = readStatusCode(error);
    if (status !== 400 && status !== 404) throw error;
  }
}
