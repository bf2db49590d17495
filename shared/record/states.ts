import type { Timing } from "./timing.ts";

/** What documents and code know of one state of a request. */
export interface StateRow {
  /** As documents print it. */
  readonly meaning: string;
  /** The states that can follow. None: the state is terminal. */
  readonly next: readonly string[];
  /** How long the state may last; null in a terminal state. */
  readonly deadline: keyof Timing | null;
  /** The setting behind the deadline, as documents print it. */
  readonly deadlineSetting: string | null;
}

const WAIT = { deadline: "waitDeadlineSeconds", deadlineSetting: "WAIT_DEADLINE_HOURS" } as const;
const CONVERT = {
  deadline: "convertDeadlineSeconds",
  deadlineSetting: "CONVERT_DEADLINE_HOURS",
} as const;
const CREATE = {
  deadline: "createDeadlineSeconds",
  deadlineSetting: "CREATE_DEADLINE_HOURS",
} as const;
const END = { next: [], deadline: null, deadlineSetting: null } as const;

/**
 * The life of a request, a row for each state, in the order in which they are passed.
 * `submitting → waiting` is a disk that changed between its check and the request;
 * `submitting → succeeded` an image that exists already, built from the very disks of the request;
 * `submitting → canceled` one of several outputs that Azure canceled before another was requested.
 */
const ROWS = {
  received: {
    meaning: "the upload was seen",
    next: ["waiting", "failed", "canceled"],
    ...WAIT,
  },
  waiting: {
    meaning: "a blob that the request names is missing, uploading or being copied",
    next: ["converting", "submitting", "failed", "canceled"],
    ...WAIT,
  },
  converting: {
    meaning: "every disk is complete; those in other formats are being converted to fixed VHDs",
    next: ["submitting", "waiting", "failed", "canceled"],
    ...CONVERT,
  },
  submitting: {
    meaning: "every disk is complete; Azure has not accepted every output yet",
    next: ["creating", "waiting", "succeeded", "failed", "canceled"],
    ...CREATE,
  },
  creating: {
    meaning: "Azure accepted the outputs and is creating them",
    next: ["succeeded", "failed", "canceled"],
    ...CREATE,
  },
  succeeded: { meaning: "every output is ready", ...END },
  failed: { meaning: "an output was not made, and `error` says why", ...END },
  canceled: {
    meaning:
      "a user canceled it, or the upload was deleted, replaced, or belongs to another request",
    ...END,
  },
} as const satisfies Readonly<Record<string, StateRow>>;

/** A state of a request. */
export type RequestState = keyof typeof ROWS;

/** The row of each state. */
export const STATES: Readonly<Record<RequestState, StateRow & { next: readonly RequestState[] }>> =
  ROWS;

/** All states, in the order of the table. */
export const REQUEST_STATES = Object.keys(ROWS) as [RequestState, ...RequestState[]];

/** Whether nothing follows this state any more. */
export function isTerminal(state: RequestState): boolean {
  return STATES[state].next.length === 0;
}

/** Whether the table allows to go from one state to the other. */
export function canTransition(from: RequestState, to: RequestState): boolean {
  return STATES[from].next.includes(to);
}
