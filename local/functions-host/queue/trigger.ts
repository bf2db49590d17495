import type { QueueServiceClient } from "@azure/storage-queue";
import { FunctionIndexingError } from "../errors.ts";
import { type HostFunction, readTextOption } from "../functions.ts";
import type { HostContext } from "../host-context.ts";
import { HOST_STORAGE, resolveConnection, resolveSettings } from "../settings.ts";
import { type QueueListener, startQueueListener } from "./listener.ts";
import { findPoisonQueue, isPoisonQueue } from "./poison.ts";
import type { QueueMessage } from "./processor.ts";
import { toQueueTriggerData } from "./trigger-data.ts";

/** A queue trigger whose queue and connection are resolved. */
export interface QueueTrigger {
  readonly target: HostFunction;
  readonly queueName: string;
  readonly service: QueueServiceClient;
}

/** Returns the queue trigger of a function. Throws FunctionIndexingError for a bad binding. */
export function readQueueTrigger(target: HostFunction, context: HostContext): QueueTrigger {
  const queueName = readTextOption(target.trigger, "queueName");
  if (queueName === undefined) throw new FunctionIndexingError("queueName is missing.");
  const connection = readTextOption(target.trigger, "connection") ?? HOST_STORAGE;
  const account = resolveConnection(connection, context.settings, context.hostStorage);
  return {
    target,
    queueName: resolveSettings(queueName, context.settings).toLowerCase(),
    service: context.accounts.queues(account),
  };
}

/** Starts to run a function for each message of its queue. */
export function startQueueTrigger(trigger: QueueTrigger, context: HostContext): QueueListener {
  const { config } = context;
  const poison = findPoisonQueue(trigger.service, trigger.queueName);
  return startQueueListener({
    queue: trigger.service.getQueueClient(trigger.queueName),
    findPoison: () => poison,
    onPoison: context.wakeListener,
    encoding: config.queues.messageEncoding,
    batchSize: config.queues.batchSize,
    newBatchThreshold: config.queues.newBatchThreshold,
    maxDequeueCount: config.queues.maxDequeueCount,
    maxPollingIntervalMs: isPoisonQueue(trigger.queueName)
      ? config.queues.ownPollingIntervalMs
      : config.queues.maxPollingIntervalMs,
    failureVisibilitySeconds: Math.round(config.queues.visibilityTimeoutMs / 1000),
    leaseSeconds: context.queueLeaseSeconds,
    log: context.log,
    run: (message) => runForMessage(trigger, context, message),
  });
}

async function runForMessage(
  { target, queueName }: QueueTrigger,
  { invoker, faults, log }: HostContext,
  message: QueueMessage,
): Promise<boolean> {
  if (faults.strikes("queue.duplicate")) {
    log("warning", "Host.Faults", `Delivering message ${message.item.messageId} twice`);
    void invoker.invoke(target, toQueueTriggerData(redeliver(message), queueName));
  }
  const outcome = await invoker.invoke(target, toQueueTriggerData(message, queueName));
  return outcome.succeeded;
}

/** The message as a second receiver sees it after the first one's lease was lost. */
function redeliver({ text, item }: QueueMessage): QueueMessage {
  return { text, item: { ...item, dequeueCount: item.dequeueCount + 1 } };
}
