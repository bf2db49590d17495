import {
  type HostFunction,
  type QueueOutput,
  readTextOption,
  type TriggerData,
} from "./functions.ts";
import { fillExpressions, type OutputQueue } from "./queue/outputs.ts";
import type { AppSettings } from "./settings.ts";
import { HOST_STORAGE, resolveConnection, resolveSettings } from "./settings.ts";
import type { StorageAccounts } from "./storage.ts";

export interface OutputQueueOptions {
  readonly settings: AppSettings;
  readonly hostStorage: string;
  readonly accounts: StorageAccounts;
  readonly wakeListener: (queueUrl: string) => void;
}

/** Opens the queue of an output binding; it is created when missing, on the first message. */
export function openOutputQueue(
  { settings, hostStorage, accounts, wakeListener }: OutputQueueOptions,
  { binding }: QueueOutput,
  data: TriggerData,
): OutputQueue {
  const connection = readTextOption(binding, "connection") ?? HOST_STORAGE;
  const service = accounts.queues(resolveConnection(connection, settings, hostStorage));
  const template = resolveSettings(readTextOption(binding, "queueName") ?? "", settings);
  const queue = service.getQueueClient(fillExpressions(template, data).toLowerCase());
  return {
    async send(messageText) {
      await queue.createIfNotExists();
      await queue.sendMessage(messageText);
      wakeListener(queue.url);
    },
  };
}

/** Checks the queue outputs of a function. Throws FunctionIndexingError for one that cannot work. */
export function checkQueueOutputs(
  target: HostFunction,
  settings: AppSettings,
  hostStorage: string,
): void {
  for (const { binding } of target.queueOutputs) {
    resolveConnection(readTextOption(binding, "connection") ?? HOST_STORAGE, settings, hostStorage);
    resolveSettings(readTextOption(binding, "queueName") ?? "", settings);
  }
}
