/**
 * The life of a request. `received`: the upload was seen. `waiting`: a blob it names is missing,
 * uploading or being copied. `submitting`: the disks are complete, the image is being asked for.
 * `creating`: the service accepted and works on it. The last three are final.
 */
export const REQUEST_STATES = [
  "received",
  "waiting",
  "submitting",
  "creating",
  "succeeded",
  "failed",
  "canceled",
] as const;

/** One of {@link REQUEST_STATES}. */
export type RequestState = (typeof REQUEST_STATES)[number];

/**
 * Every transition there is. A state that leads nowhere is terminal. `submitting → waiting` is a disk
 * that changed between its check and the request; `submitting → succeeded` an image that is there
 * already and equals the request.
 */
export const TRANSITIONS: Readonly<Record<RequestState, readonly RequestState[]>> = {
  received: ["waiting", "failed", "canceled"],
  waiting: ["submitting", "failed", "canceled"],
  submitting: ["creating", "waiting", "succeeded", "failed"],
  creating: ["succeeded", "failed", "canceled"],
  succeeded: [],
  failed: [],
  canceled: [],
};

/** Whether nothing follows this state any more. */
export function isTerminal(state: RequestState): boolean {
  return TRANSITIONS[state].length === 0;
}

/** Whether the table allows to go from one state to the other. */
export function canTransition(from: RequestState, to: RequestState): boolean {
  return TRANSITIONS[from].includes(to);
}
