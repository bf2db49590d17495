import type { Failure } from "../errors.ts";
import type { Timing } from "../settings.ts";
import type { RequestRecord } from "./record.ts";
import { canTransition, isTerminal, type RequestState } from "./states.ts";

/** How long each state may last; a terminal state lasts for ever. */
const DEADLINES: Readonly<Record<RequestState, keyof Timing | null>> = {
  received: "waitDeadlineSeconds",
  waiting: "waitDeadlineSeconds",
  submitting: "createDeadlineSeconds",
  creating: "createDeadlineSeconds",
  succeeded: null,
  failed: null,
  canceled: null,
};

/**
 * The record in its next state, with one more event.
 * @throws TypeError for a transition that the table does not know: a mistake of ours, never of input.
 */
export function enter(
  record: RequestRecord,
  state: RequestState,
  message: string,
  context: { readonly now: Date; readonly timing: Timing },
): RequestRecord {
  if (!canTransition(record.state, state)) {
    throw new TypeError(`no transition leads from ${record.state} to ${state}`);
  }
  const at = context.now.toISOString();
  return {
    ...record,
    state,
    attempts: 0,
    retries: 0,
    error: null,
    deadlineAt: deadlineOf(state, context.now, context.timing),
    completedAt: isTerminal(state) ? at : null,
    events: [...record.events, { sequence: record.events.length + 1, at, state, message }],
  };
}

/** The record as failed, with its error. */
export function fail(
  record: RequestRecord,
  error: Failure,
  context: { readonly now: Date; readonly timing: Timing },
): RequestRecord {
  return { ...enter(record, "failed", `${error.code}: ${error.message}`, context), error };
}

/** When a state that begins now ends by itself. */
export function deadlineOf(state: RequestState, now: Date, timing: Timing): string | null {
  const key = DEADLINES[state];
  return key === null ? null : addSeconds(now, timing[key]).toISOString();
}

/** A moment some seconds later. */
export function addSeconds(from: Date, seconds: number): Date {
  return new Date(from.getTime() + seconds * 1000);
}
