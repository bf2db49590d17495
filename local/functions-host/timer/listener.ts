import { type BackgroundTask, pause, settleWithin } from "../background.ts";
import { describeError } from "../errors.ts";
import type { Invoker } from "../invoke.ts";
import type { HostLog } from "../log.ts";
import { NEVER, type ScheduleMonitor, type ScheduleStatus } from "./monitor.ts";
import { type TimerTrigger, toTimerTriggerData } from "./trigger.ts";

export interface TimerListenerOptions {
  readonly trigger: TimerTrigger;
  /** Undefined for a timer that is not monitored. */
  readonly monitor: ScheduleMonitor | undefined;
  readonly invoker: Invoker;
  readonly log: HostLog;
  readonly now: () => Date;
  /** Waits that many milliseconds, or until the signal aborts. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Milliseconds that a run under way gets to end and have its status saved. */
const STOP_GRACE_MS = 5000;

/**
 * Starts a timer: it fires at once when a firing was missed while no host ran, or when the trigger
 * asks for it; afterwards on schedule, each time counted from the end of the run before.
 */
export function startTimer(options: TimerListenerOptions): BackgroundTask {
  const controller = new AbortController();
  const report = (error: unknown): void => {
    const name = options.trigger.target.name;
    options.log("error", "Host.Timers", `Timer '${name}' ended: ${describeError(error)}`);
  };
  const ended = runTimer(options, controller.signal).catch(report);
  return {
    async stop() {
      controller.abort();
      await settleWithin(ended, STOP_GRACE_MS);
    },
  };
}

async function runTimer(options: TimerListenerOptions, signal: AbortSignal): Promise<void> {
  const { trigger, monitor, now, wait = pause } = options;
  const startedAt = now();
  const status = await monitor?.read();
  const isPastDue = status !== undefined && startedAt.getTime() > Date.parse(status.Next);
  let last = status?.Last ?? NEVER;
  if (isPastDue || trigger.runOnStartup) {
    last = await fire(options, startedAt, last, isPastDue);
  } else if (status === undefined) await writeStatus(options, last, startedAt);

  let due = startedAt;
  while (!signal.aborted) {
    // A clock that is read a moment before `due`, when it has just fired, must not fire it again.
    const next = trigger.schedule.next(new Date(Math.max(now().getTime(), due.getTime())));
    if (next === undefined) return;
    await wait(next.getTime() - now().getTime(), signal);
    if (!signal.aborted) last = await fire(options, next, last, false);
    due = next;
  }
}

/** Runs the function once, saves the status and returns its `Last`. */
async function fire(
  options: TimerListenerOptions,
  due: Date,
  last: string,
  isPastDue: boolean,
): Promise<string> {
  const { trigger, invoker, monitor } = options;
  const known = monitor === undefined ? undefined : toStatus(options, last, due);
  const reason = `Timer fired at ${options.now().toISOString()}`;
  await invoker.invoke(trigger.target, toTimerTriggerData(known, isPastDue, reason));
  await writeStatus(options, due.toISOString(), options.now());
  return due.toISOString();
}

async function writeStatus(options: TimerListenerOptions, last: string, from: Date): Promise<void> {
  try {
    await options.monitor?.write(toStatus(options, last, from));
  } catch (error) {
    options.log("error", "Host.Timers", `Timer status not saved: ${describeError(error)}`);
  }
}

function toStatus(
  { trigger, now }: TimerListenerOptions,
  last: string,
  from: Date,
): ScheduleStatus {
  const next = trigger.schedule.next(from)?.toISOString() ?? NEVER;
  return { Last: last, Next: next, LastUpdated: now().toISOString() };
}
