import type { StorageQueueHandler } from "@azure/functions";
import { z } from "zod";
import { type AdvanceContext, advance } from "../shared/stages/advance.ts";
import type { WithLog } from "./ingest.blob.ts";
import { createLogger, type LogSink } from "./logger.ts";

/** A message of the work queue. */
export const workMessageSchema = z.object({
  requestId: z.string().min(1),
  step: z.int().optional(),
});

/**
 * Takes one step of a request. A message that is none of ours throws, so that the host keeps it on
 * the poison queue.
 */
export function makeAdvanceHandler(process: WithLog<AdvanceContext>): StorageQueueHandler<unknown> {
  return async (message: unknown, invocation: LogSink) => {
    const { requestId, step } = workMessageSchema.parse(message);
    const work = step === undefined ? { requestId } : { requestId, step };
    await advance(work, { ...process, log: createLogger(invocation) });
  };
}
