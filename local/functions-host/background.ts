import { setTimeout as sleep } from "node:timers/promises";
import { describeError } from "./errors.ts";
import type { HostLog } from "./log.ts";

/** Something that runs until it is stopped. */
export interface BackgroundTask {
  /** Ends the task; settles when nothing of it is under way any more. */
  stop(): Promise<void>;
}

/** The longest delay that a Node timer takes, in milliseconds; longer ones fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Waits `ms` milliseconds, however many they are; returns early, without throwing, on abort. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  let left = ms;
  while (left > 0 && !signal.aborted) {
    const step = Math.min(left, MAX_TIMER_MS);
    await sleep(step, undefined, { signal }).catch(() => undefined);
    left -= step;
  }
}

/** Waits until `work` settles, whichever way, but no longer than `ms` milliseconds. */
export async function settleWithin(work: Promise<unknown>, ms: number): Promise<void> {
  const limit = new AbortController();
  const settled = work.catch(() => undefined);
  await Promise.race([settled, pause(ms, limit.signal)]);
  limit.abort();
}

/**
 * Calls `step` again and again until stopped; `step` returns the milliseconds to wait before the
 * next call. A step that throws is logged and repeated after `retryMs`.
 */
export function repeat(
  name: string,
  step: (signal: AbortSignal) => Promise<number>,
  log: HostLog,
  retryMs = 1000,
): BackgroundTask {
  const controller = new AbortController();
  const { signal } = controller;
  const run = async (): Promise<void> => {
    while (!signal.aborted) await pause(await attempt(name, step, log, retryMs, signal), signal);
  };
  const ended = run();
  return {
    async stop() {
      controller.abort();
      await ended;
    },
  };
}

async function attempt(
  name: string,
  step: (signal: AbortSignal) => Promise<number>,
  log: HostLog,
  retryMs: number,
  signal: AbortSignal,
): Promise<number> {
  try {
    return await step(signal);
  } catch (error) {
    if (!signal.aborted) log("error", "Host", `${name}: ${describeError(error)}`);
    return retryMs;
  }
}
