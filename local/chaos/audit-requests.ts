import { isTerminal } from "../../shared/record/states.ts";
import { findReplacement, type Trial } from "./evidence.ts";

/** Uploads that no request was opened for. One that was replaced may have gone unseen. */
export function findLostUploads(trial: Trial): string[] {
  return trial.cases
    .filter((each) => each.request === undefined && findReplacement(trial, each) === undefined)
    .map(({ planned }) => planned.id);
}

/** Requests that are for none of the uploads. */
export function findStrayRequests({ cases, requests }: Trial): string[] {
  const known = new Set(cases.map(({ request }) => request?.requestId));
  return requests
    .filter(({ requestId }) => !known.has(requestId))
    .map(({ requestId, source }) => `${requestId} of ${source}`);
}

/** Requests that have not ended. */
export function findOpenRequests({ requests }: Trial): string[] {
  return requests
    .filter(({ state }) => !isTerminal(state))
    .map(({ requestId, source, state }) => `${requestId} of ${source} is ${state}`);
}

/** Requests that ended in another way than their upload allows. */
export function findEnds({ cases }: Trial): string[] {
  return cases.flatMap(({ planned, request }) => {
    if (request === undefined || !isTerminal(request.state)) return [];
    const isExpected = planned.expected.ends.some(
      ({ state, codes }) =>
        state === request.state && (codes?.includes(request.error?.code ?? "") ?? true),
    );
    const reason = request.error?.message ?? request.events.at(-1)?.message;
    return isExpected ? [] : [`${planned.id} is ${request.state}: ${reason}`];
  });
}
