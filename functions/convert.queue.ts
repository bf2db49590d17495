import type { StorageQueueHandler } from "@azure/functions";
import { type AdvanceContext, advance } from "../shared/flow/advance.ts";
import { createLogger, type LogSink, type WithLog } from "./logger.ts";
import { workMessageSchema } from "./work-message.ts";

/** Seconds until a message that finds all places of the instance taken is offered again. */
const FULL_SECONDS = 15;

/** What conversions work with, and how many one instance works on at the same time. */
export interface ConvertContext {
  readonly process: WithLog<AdvanceContext>;
  readonly atOnce: number;
}

/**
 * Takes one step of a request that is being converted. host.json counts for all queues alike, so the
 * instance counts its conversions itself: whatever comes beyond that goes back to the queue, for this
 * instance or another one. Nothing waits within an invocation.
 */
export function makeHandler({ process, atOnce }: ConvertContext): StorageQueueHandler<unknown> {
  let running = 0;
  return async (message: unknown, invocation: LogSink) => {
    const { requestId, step, traceparent } = workMessageSchema.parse(message);
    const work = {
      requestId,
      ...(step !== undefined && { step }),
      ...(traceparent !== undefined && { traceparent }),
    };
    if (running >= atOnce) return process.convertQueue.send(work, FULL_SECONDS);
    running += 1;
    try {
      await advance(work, { ...process, log: createLogger(invocation) }, "convert");
    } finally {
      running -= 1;
    }
  };
}
