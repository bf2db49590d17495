import { isEnd, type Status } from "./status.ts";

/** How long a request was in a state. */
export interface Step {
  readonly state: string;
  readonly at: string;
  /** Milliseconds until the next state, or until now; null for an end, which lasts. */
  readonly duration: number | null;
  /** Whether the request is in it now. */
  readonly isCurrent: boolean;
}

/** The states that a request went through, in order; events of one state in a row are one step. */
export function listSteps(status: Pick<Status, "events" | "state">, now: number): readonly Step[] {
  const entries = status.events.filter(
    ({ state }, index) => status.events[index - 1]?.state !== state,
  );
  return entries.map(({ state, at }, index) => {
    const next = entries[index + 1];
    const until = next === undefined ? now : Date.parse(next.at);
    const duration = next === undefined && isEnd(state) ? null : until - Date.parse(at);
    return {
      state,
      at,
      duration: duration === null || Number.isNaN(duration) ? null : Math.max(0, duration),
      isCurrent: next === undefined,
    };
  });
}

/** The share of each step in the width of the timeline; short steps and ends keep a visible part. */
export function listShares(steps: readonly Step[]): readonly number[] {
  const total = steps.reduce((sum, { duration }) => sum + (duration ?? 0), 0);
  return steps.map(({ duration }) => Math.max(0.08, total === 0 ? 0 : (duration ?? 0) / total));
}
