import type { StorageQueueHandler } from "@azure/functions";
import { type AdvanceContext, advance } from "../shared/flow/advance.ts";
import { createLogger, type LogSink, type WithLog } from "./logger.ts";
import { workMessageSchema } from "./work-message.ts";

/**
 * Takes one step of a request. A message that is none of ours throws, so that the host keeps it on
 * the poison queue.
 */
export function makeHandler(process: WithLog<AdvanceContext>): StorageQueueHandler<unknown> {
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
