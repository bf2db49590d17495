import { type ActionRules, refuseAction } from "../shared/http/refuse-action.ts";
import type { Answer } from "./http-handler.ts";

/** The answer to a POST, given only to requests that may change something. */
export function guardAction(answer: Answer, rules: ActionRules): Answer {
  return async (request, log) => refuseAction(request.headers, rules) ?? answer(request, log);
}
