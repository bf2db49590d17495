import type { Failure } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { redactWithin } from "../redact.ts";
import { boundFailure } from "./bound-failure.ts";
import { isOpenOutput, type OutputProgress } from "./output.ts";
import type { RequestEvent, RequestRecord } from "./record.ts";
import { canTransition, isTerminal, type RequestState, STATES } from "./states.ts";
import type { Timing } from "./timing.ts";

/** The ends that an output shares with its request. */
const OUTPUT_ENDS = ["succeeded", "failed", "canceled"] as const;

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
    refusals: 0,
    error: null,
    deadlineAt: deadlineOf(state, context.now, context.timing),
    completedAt: isTerminal(state) ? at : null,
    outputs: record.outputs.map((output) => endWith(output, state, at)),
    events: [...record.events, newEvent(record, state, message, context.now)],
  };
}

/** The record in the same state, with one more event. */
export function note(record: RequestRecord, message: string, now: Date): RequestRecord {
  return { ...record, events: [...record.events, newEvent(record, record.state, message, now)] };
}

function newEvent(
  { events }: RequestRecord,
  state: RequestState,
  message: string,
  now: Date,
): RequestEvent {
  return {
    sequence: events.length + 1,
    at: now.toISOString(),
    state,
    message: redactWithin(message, LIMITS.eventMessage),
  };
}

/**
 * The record with an event that a region has got an output, or will not get it. The state stays, and
 * with it everything that a state counts.
 */
export function noteRegion(
  record: RequestRecord,
  { kind, region }: { readonly kind: { kind: string; noun: string }; readonly region: RegionEvent },
  now: Date,
): RequestRecord {
  const { details } = region;
  const what =
    region.state === "Completed"
      ? `the ${kind.noun} is in ${region.region}`
      : `the ${kind.noun} did not get to ${region.region}${details === "" ? "" : `: ${details}`}`;
  const event = {
    sequence: record.events.length + 1,
    at: now.toISOString(),
    state: record.state,
    message: redactWithin(what, LIMITS.eventMessage),
    region: { output: kind.kind, name: region.region, state: region.state },
  };
  return { ...record, events: [...record.events, event] };
}

interface RegionEvent {
  readonly region: string;
  readonly state: string;
  readonly details: string;
}

/** An output that is still open ends with its request, in the same state. */
function endWith(output: OutputProgress, state: RequestState, at: string): OutputProgress {
  const end = OUTPUT_ENDS.find((own) => own === state);
  if (end === undefined || !isOpenOutput(output)) return output;
  return { ...output, state: end, error: null, endedAt: at };
}

/** The record as failed, with its error. */
export function fail(
  record: RequestRecord,
  error: Failure,
  context: { readonly now: Date; readonly timing: Timing },
): RequestRecord {
  const kept = boundFailure(error);
  const failed = enter(record, "failed", `${kept.code}: ${kept.message}`, context);
  return { ...failed, error: kept };
}

/** When a state that begins now ends by itself. */
export function deadlineOf(state: RequestState, now: Date, timing: Timing): string | null {
  const key = STATES[state].deadline;
  return key === null ? null : addSeconds(now, timing[key]).toISOString();
}

/** Whether the time for the record's state is over. */
export function isLate({ deadlineAt }: Pick<RequestRecord, "deadlineAt">, now: Date): boolean {
  return deadlineAt !== null && now >= new Date(deadlineAt);
}

/** A moment some seconds later. */
export function addSeconds(from: Date, seconds: number): Date {
  return new Date(from.getTime() + seconds * 1000);
}
