import { digest } from "./identity.ts";

/** No step waits longer than this for the next look, in seconds, unless the service asks for more. */
export const MAX_DELAY_SECONDS = 300;
/** A status that users watch is at most this old, in seconds. */
export const MAX_WAIT_SECONDS = 60;

/**
 * A delay in seconds that doubles with every attempt up to a limit.
 */
export function growingDelay(base: number, attempts: number, limit = MAX_DELAY_SECONDS): number {
  return Math.min(limit, base * 2 ** Math.min(attempts, 16));
}

/** Seconds until the next look at an operation after so many looks; it doubles with every fourth. */
export function pollDelay(attempts: number, pollSeconds: number): number {
  return growingDelay(pollSeconds, Math.floor(attempts / 4), MAX_WAIT_SECONDS);
}

/**
 * A delay in seconds, lengthened by up to a fifth: requests that were throttled together do not come
 * back together. Depends on the request alone, so a test sees the same every time.
 */
export function spread(seconds: number, requestId: string, attempts: number): number {
  const word = digest([requestId, String(attempts)]);
  const fraction = (word.charCodeAt(0) + word.charCodeAt(1) * 31) % 100;
  return seconds * (1 + fraction / 500);
}
