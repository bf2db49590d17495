/** The shortest pause between two looks at a queue, in milliseconds. */
export const MIN_POLLING_INTERVAL_MS = 100;

/** Pauses that grow while a queue stays empty. */
export interface Backoff {
  /** Returns the next pause in milliseconds. */
  next(): number;
  reset(): void;
}

/**
 * Returns a randomised exponential back-off from 100 ms to `maxMs`, as the storage extension polls:
 * each empty look about doubles the pause, spread by a fifth so that hosts do not fall into step.
 */
export function createBackoff(maxMs: number, random: () => number = Math.random): Backoff {
  let current = 0;
  return {
    next() {
      const grown = current * 2 * (0.8 + 0.4 * random());
      current = Math.min(maxMs, Math.max(MIN_POLLING_INTERVAL_MS, grown));
      return current;
    },
    reset() {
      current = 0;
    },
  };
}
