import { parseTimeSpan } from "../time-span.ts";
import { type CronSchedule, parseNcrontab } from "./ncrontab.ts";

/** When a timer fires. */
export interface Schedule extends CronSchedule {
  /** True when two firings are never less than a minute apart: the host then keeps its state. */
  readonly isMonitorable: boolean;
}

const MINUTE_MS = 60_000;
/** How many firings are compared to find the shortest interval. */
const SAMPLE = 100;

/**
 * Returns the schedule of an NCRONTAB expression or of a TimeSpan (a fixed interval).
 * Throws FunctionIndexingError when the text is neither.
 */
export function parseSchedule(text: string, now: Date): Schedule {
  const interval = parseTimeSpan(text);
  if (interval !== undefined && interval > 0) {
    return {
      next: (after) => new Date(after.getTime() + interval),
      isMonitorable: interval >= MINUTE_MS,
    };
  }
  const cron = parseNcrontab(text);
  return { next: cron.next, isMonitorable: !hasIntervalBelow(MINUTE_MS, cron, now) };
}

function hasIntervalBelow(limitMs: number, cron: CronSchedule, now: Date): boolean {
  let previous = cron.next(now);
  for (let index = 0; index < SAMPLE && previous !== undefined; index += 1) {
    const following = cron.next(previous);
    if (following === undefined) return false;
    if (following.getTime() - previous.getTime() < limitMs) return true;
    previous = following;
  }
  return false;
}
