import type { HostConfig } from "../host-config.ts";
import type { HostAnswer } from "./exchange.ts";

/** Runs `answer` now or later, or answers 429. */
export type RequestGate = (answer: () => Promise<HostAnswer>) => Promise<HostAnswer>;

/**
 * Returns the gate of host.json `extensions.http`: at most `maxConcurrentRequests` run at a time,
 * the others wait, and above `maxOutstandingRequests` (running and waiting) the answer is 429.
 */
export function createRequestGate(
  limits: Pick<HostConfig, "maxConcurrentRequests" | "maxOutstandingRequests">,
): RequestGate {
  const maxOutstanding = limits.maxOutstandingRequests ?? Number.POSITIVE_INFINITY;
  const maxConcurrent = limits.maxConcurrentRequests ?? Number.POSITIVE_INFINITY;
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (answer) => {
    if (running + waiting.length >= maxOutstanding) return { status: 429 };
    if (running >= maxConcurrent) {
      await new Promise<void>((start) => waiting.push(start));
    } else running += 1;
    try {
      return await answer();
    } finally {
      const next = waiting.shift();
      // The place of the finished request goes straight to the one that waited longest.
      if (next !== undefined) next();
      else running -= 1;
    }
  };
}
