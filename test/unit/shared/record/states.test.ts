import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  canTransition,
  isTerminal,
  REQUEST_STATES,
  type RequestState,
  STATES,
} from "../../../../shared/record/states.ts";

const state = fc.constantFrom(...REQUEST_STATES);

describe("the table of states", () => {
  it("has a line for every state and leads to states only", () => {
    const named = Object.values(STATES).flatMap(({ next }) => next);
    expect(REQUEST_STATES).toEqual(expect.arrayContaining(named));
  });

  it("gives every state that is not terminal a deadline, and its setting", () => {
    for (const state of REQUEST_STATES) {
      const { deadline, deadlineSetting } = STATES[state];
      expect([deadline === null, deadlineSetting === null]).toEqual(
        isTerminal(state) ? [true, true] : [false, false],
      );
    }
  });

  it("never leaves a terminal state, by whatever way it is reached", () => {
    fc.assert(
      fc.property(fc.array(state), (wishes) => {
        let current: RequestState = "received";
        for (const wish of wishes) {
          const wasTerminal = isTerminal(current);
          const next: RequestState = canTransition(current, wish) ? wish : current;
          if (wasTerminal) expect(next).toBe(current);
          current = next;
        }
      }),
    );
  });

  it("leads from every state to a terminal one, and never into itself", () => {
    for (const from of REQUEST_STATES) {
      expect(canTransition(from, from)).toBe(false);
      expect(reachable(from).some(isTerminal)).toBe(true);
    }
  });

  it("reaches every state from the first", () => {
    expect(new Set(reachable("received"))).toEqual(new Set(REQUEST_STATES));
  });
});

describe("isTerminal", () => {
  it("is true of succeeded, failed and canceled alone", () => {
    expect(REQUEST_STATES.filter(isTerminal)).toEqual(["succeeded", "failed", "canceled"]);
  });
});

/** The state itself and all that can follow. */
function reachable(from: RequestState): RequestState[] {
  const seen = new Set([from]);
  for (const current of seen) for (const next of STATES[current].next) seen.add(next);
  return [...seen];
}
