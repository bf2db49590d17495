import type { ContainerClient } from "@azure/storage-blob";
import type { BackgroundTask } from "../background.ts";
import { HOSTS_CONTAINER, type HostContext } from "../host-context.ts";
import { type QueueListener, startQueueListener } from "../queue/listener.ts";
import { decodeMessage } from "../queue/message-text.ts";
import { createEventMemory } from "./event-memory.ts";
import { createBlobExecutor, type FindBlobTrigger } from "./executor.ts";
import { addEventFaults } from "./faulty-queue.ts";
import { type InternalQueue, openInternalQueue } from "./internal-queue.ts";
import { type ListingTracker, startListing } from "./listing.ts";
import { type BlobTriggerMessage, parseBlobTriggerMessage } from "./message.ts";
import { createScanNotifier, type ScanNotifier } from "./notifier.ts";
import { createBlobReceipts } from "./receipts.ts";
import { createScanTracker } from "./scan.ts";
import { createEventSynthesizer } from "./synthesize.ts";
import type { BlobTrigger } from "./trigger.ts";

const POISON_QUEUE = "webjobs-blobtrigger-poison";

/** All blob functions of the app at work. */
export interface BlobPipeline extends BackgroundTask {
  /** Puts an event's message on the internal queue, whatever function it names. */
  accept(message: BlobTriggerMessage): Promise<void>;
}

/** Starts to watch the triggers' containers and to run the functions. */
export async function startBlobPipeline(
  triggers: readonly BlobTrigger[],
  context: HostContext,
): Promise<BlobPipeline> {
  const hosts = context.accounts.blobs(context.hostStorage).getContainerClient(HOSTS_CONTAINER);
  await hosts.createIfNotExists();
  const internal = await openInternalQueue(context);
  const findTrigger: FindBlobTrigger = (id) =>
    triggers.find((each) => each.target.id === id || each.target.id === `Host.${id}`);

  // The listener is started last, but whoever enqueues wakes it, as the host does.
  let listener: QueueListener | undefined;
  const waking: InternalQueue = {
    client: internal.client,
    async enqueue(message) {
      await internal.enqueue(message);
      listener?.wake();
    },
  };
  const holdMs = context.blobPollSeconds * 1500;
  const queue = addEventFaults(waking, context.faults, context.log, holdMs);
  const notifier = createScanNotifier(queue, createBlobReceipts(hosts, context.hostId));
  listener = startInternalListener(internal, context, findTrigger, notifier);
  const listings = startListings(triggers, context, hosts, queue, notifier);
  const tasks = [listener, ...listings];
  return {
    accept: (message) => queue.enqueue(message),
    async stop() {
      await Promise.all(tasks.map((task) => task.stop()));
    },
  };
}

function startInternalListener(
  internal: InternalQueue,
  context: HostContext,
  findTrigger: FindBlobTrigger,
  notifier: ScanNotifier,
): QueueListener {
  const { blobs, queues } = context.config;
  const batchSize = Math.min(32, Math.floor(blobs.maxDegreeOfParallelism / 2) + 1);
  const hostQueues = context.accounts.queues(context.hostStorage);
  return startQueueListener({
    queue: internal.client,
    encoding: queues.messageEncoding,
    batchSize,
    newBatchThreshold: Math.max(0, blobs.maxDegreeOfParallelism - batchSize),
    maxDequeueCount: blobs.poisonBlobThreshold,
    maxPollingIntervalMs: queues.ownPollingIntervalMs,
    failureVisibilitySeconds: 0,
    leaseSeconds: context.queueLeaseSeconds,
    log: context.log,
    run: createBlobExecutor(context, findTrigger, notifier),
    onPoison: context.wakeListener,
    findPoison: (messageText) => {
      const functionId = readFunctionId(decodeMessage(messageText, queues.messageEncoding));
      const service = findTrigger(functionId)?.queues ?? hostQueues;
      return service.getQueueClient(POISON_QUEUE);
    },
  });
}

function readFunctionId(text: string | undefined): string {
  try {
    return parseBlobTriggerMessage(text ?? "").functionId;
  } catch {
    return "";
  }
}

/** One listing per container serves all triggers on it. */
function startListings(
  triggers: readonly BlobTrigger[],
  context: HostContext,
  hosts: ContainerClient,
  queue: InternalQueue,
  notifier: ScanNotifier,
): BackgroundTask[] {
  const startedAt = context.now();
  const byContainer = new Map<string, { container: ContainerClient; trackers: ListingTracker[] }>();
  for (const trigger of triggers) {
    const isEvent = trigger.source === "EventGrid";
    if (isEvent && !context.synthesizeBlobEvents) continue;
    const container = trigger.blobs.getContainerClient(trigger.pattern.container);
    const entry = byContainer.get(container.url) ?? { container, trackers: [] };
    const memory = createEventMemory(hosts, context.hostId, trigger.target.name);
    const tracker = isEvent
      ? createEventSynthesizer({ trigger, queue, memory, startedAt })
      : createScanTracker(trigger, notifier, context.log);
    entry.trackers.push(tracker);
    byContainer.set(container.url, entry);
  }
  return [...byContainer.values()].map((e) => startListing(e.container, e.trackers, context));
}
