import type { TimerHandler } from "@azure/functions";
import { type SweepContext, sweep } from "../shared/flow/sweep.ts";
import { createLogger, type WithLog } from "./logger.ts";

/** Restarts stuck requests. */
export function makeHandler(process: WithLog<SweepContext>): TimerHandler {
  return async (_timer, invocation) => {
    await sweep({ ...process, log: createLogger(invocation) });
  };
}
