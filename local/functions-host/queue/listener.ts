import { type BackgroundTask, pause, settleWithin } from "../background.ts";
import { describeError, readStatusCode } from "../errors.ts";
import type { HostLog } from "../log.ts";
import { createBackoff, MIN_POLLING_INTERVAL_MS } from "./backoff.ts";
import { type ProcessorOptions, processMessage } from "./processor.ts";

export interface ListenerOptions extends ProcessorOptions {
  /** Messages fetched at once, at most 32. */
  readonly batchSize: number;
  /** New messages are fetched when no more than this many are running. */
  readonly newBatchThreshold: number;
  readonly maxPollingIntervalMs: number;
  readonly log: HostLog;
}

/** Receives the messages of one queue and runs them. */
export interface QueueListener extends BackgroundTask {
  /** Looks at the queue now instead of after the current pause. */
  wake(): void;
}

/** Milliseconds that runs under way get to end and have their messages settled. */
const STOP_GRACE_MS = 5000;

/**
 * Starts to listen on a queue. A queue that does not exist counts as empty. `stop` settles when no
 * further message will be received and those received are settled, or after five seconds.
 */
export function startQueueListener(options: ListenerOptions): QueueListener {
  const controller = new AbortController();
  const { signal } = controller;
  const running = new Set<Promise<void>>();
  const backoff = createBackoff(options.maxPollingIntervalMs);
  let nap = new AbortController();
  let woken = false;

  const sleep = async (ms: number): Promise<void> => {
    nap = new AbortController();
    if (!woken) await pause(ms, AbortSignal.any([signal, nap.signal]));
    woken = false;
  };
  const listen = async (): Promise<void> => {
    while (!signal.aborted) {
      const received = await receive(options, running);
      if (received === 0) await sleep(backoff.next());
      else {
        backoff.reset();
        while (running.size > options.newBatchThreshold) await Promise.race(running);
        await sleep(MIN_POLLING_INTERVAL_MS);
      }
    }
  };
  const ended = listen();
  return {
    wake() {
      woken = true;
      nap.abort();
      backoff.reset();
    },
    async stop() {
      controller.abort();
      const settled = ended.then(() => Promise.all(running));
      await settleWithin(settled, STOP_GRACE_MS);
    },
  };
}

/**
 * Receives a batch, starts to run it and returns its size; 0 when the queue cannot be read. It is
 * never broken off: the queue would hide messages that nobody got.
 */
async function receive(options: ListenerOptions, running: Set<Promise<void>>): Promise<number> {
  const { queue, batchSize, leaseSeconds, log } = options;
  try {
    const { receivedMessageItems } = await queue.receiveMessages({
      numberOfMessages: batchSize,
      visibilityTimeout: leaseSeconds,
    });
    for (const item of receivedMessageItems) {
      const task = processMessage(options, item)
        .catch((error) => log("error", "Host.Queues", `${queue.name}: ${describeError(error)}`))
        .finally(() => running.delete(task));
      running.add(task);
    }
    return receivedMessageItems.length;
  } catch (error) {
    if (readStatusCode(error) !== 404) {
      log("error", "Host.Queues", `${queue.name}: ${describeError(error)}`);
    }
    return 0;
  }
}
