import type { StorageQueueHandler } from "@azure/functions";
import * as z from "zod";
import { type AdvanceContext, advance } from "../shared/flow/advance.ts";
import type { WithLog } from "./logger.ts";
import { createLogger, type LogSink } from "./logger.ts";

/** A message of the work queue. */
export const workMessageSchema = z.object({
  requestId: z.string().min(1),
  step: z.int().optional(),
  // Anything else than a trace would be ignored later; it is no reason to refuse the message.
  traceparent: z
    .string()
    .regex(/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)
    .optional()
    .catch(undefined),
});

/**
 * Takes one step of a request. A message that is none of ours throws, so that the host keeps it on
 * the poison queue.
 */
export function makeAdvanceHandler(process: WithLog<AdvanceContext>): StorageQueueHandler<unknown> {
  return async (message: unknown, invocation: LogSink) => {
    const { requestId, step, traceparent } = workMessageSchema.parse(message);
    const work = {
      requestId,
      ...(step !== undefined && { step }),
      ...(traceparent !== undefined && { traceparent }),
    };
    await advance(work, { ...process, log: createLogger(invocation) });
  };
}
