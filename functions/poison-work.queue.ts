import type { StorageQueueHandler } from "@azure/functions";
import type { AdvanceContext } from "../shared/flow/advance.ts";
import { failPoisonedStep } from "../shared/flow/poison.ts";
import { createLogger, type WithLog } from "./logger.ts";
import { type PoisonDelivery, reportPoisonOnce } from "./poison-delivery.ts";
import { workMessageSchema } from "./work-message.ts";

/**
 * Ends the request of a poisoned work message. One that cannot be read throws: the host then leaves it
 * in the poison queue, where `/api/health` reports it.
 */
export function makeHandler(process: WithLog<AdvanceContext>): StorageQueueHandler<unknown> {
  return async (message: unknown, invocation: PoisonDelivery) => {
    const context = { ...process, log: createLogger(invocation) };
    const { data, error } = workMessageSchema.safeParse(message);
    reportPoisonOnce("work", data?.requestId ?? null, invocation, context);
    if (data === undefined) throw error;
    await failPoisonedStep(data.requestId, context);
  };
}
