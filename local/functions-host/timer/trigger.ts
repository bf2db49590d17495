import { FunctionIndexingError } from "../errors.ts";
import type { TriggerData } from "../functions.ts";
import { type HostFunction, readTextOption } from "../functions.ts";
import type { HostContext } from "../host-context.ts";
import { resolveSettings } from "../settings.ts";
import { toJsonData } from "../typed-data.ts";
import type { ScheduleStatus } from "./monitor.ts";
import { parseSchedule, type Schedule } from "./schedule.ts";

/** A timer trigger whose schedule is parsed. */
export interface TimerTrigger {
  readonly target: HostFunction;
  readonly schedule: Schedule;
  readonly runOnStartup: boolean;
  /** Whether missed firings are found out about after a restart. */
  readonly useMonitor: boolean;
}

/** Returns the timer trigger of a function. Throws FunctionIndexingError for a bad binding. */
export function readTimerTrigger(target: HostFunction, context: HostContext): TimerTrigger {
  const text = readTextOption(target.trigger, "schedule");
  if (text === undefined) throw new FunctionIndexingError("schedule is missing.");
  const schedule = parseSchedule(resolveSettings(text, context.settings), context.now());
  return {
    target,
    schedule,
    runOnStartup: target.trigger.runOnStartup === true,
    useMonitor: target.trigger.useMonitor !== false && schedule.isMonitorable,
  };
}

/** Returns what a timer function is given. */
export function toTimerTriggerData(
  status: ScheduleStatus | undefined,
  isPastDue: boolean,
  reason: string,
): TriggerData {
  const timer = {
    Schedule: { AdjustForDST: true },
    ScheduleStatus: status ?? null,
    IsPastDue: isPastDue,
  };
  return { input: toJsonData(timer), metadata: {}, reason };
}
