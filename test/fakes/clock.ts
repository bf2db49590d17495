import type { Clock } from "../../shared/ports.ts";

/** A clock that moves only when a test moves it. */
export interface FakeClock {
  readonly now: Clock;
  advance(seconds: number): void;
  /** Goes on to a moment; never back. */
  advanceTo(moment: Date): void;
}

export function createFakeClock(start = "2026-03-01T12:00:00.000Z"): FakeClock {
  let milliseconds = Date.parse(start);
  return {
    now: () => new Date(milliseconds),
    advance(seconds) {
      milliseconds += seconds * 1000;
    },
    advanceTo(moment) {
      milliseconds = Math.max(milliseconds, moment.getTime());
    },
  };
}
