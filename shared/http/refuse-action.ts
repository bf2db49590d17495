import { type ProblemResponse, problem } from "./problem.ts";

/** What decides whether a route that changes something answers at all. */
export interface ActionRules {
  /** The setting ACTIONS. */
  readonly actions: "on" | "off";
  /** Whether App Service authentication is on: only then its headers are its own, and sessions exist. */
  readonly hasSessions: boolean;
}

/** A header that no page of another origin can set without asking first (CORS preflight). */
const CUSTOM_HEADER = "x-requested-with";
/** Set by App Service authentication on every request of somebody who signed in. */
const SESSION_HEADER = "x-ms-client-principal";

/**
 * The answer to a request for an action that is refused whatever it is about; null when it may go on.
 *
 * A browser adds the cookie of a session to requests that other sites make it send (CSRF), but only to
 * those that a form could send: the content type and the header are what a form cannot send.
 */
export function refuseAction(
  headers: { get(name: string): string | null },
  rules: ActionRules,
): ProblemResponse | null {
  if (rules.actions === "off") {
    return problem(403, "Actions are switched off: the setting ACTIONS of the app is off.");
  }
  const type = (headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    return problem(415, "Send the header 'content-type: application/json'.");
  }
  const isSession = rules.hasSessions && headers.get(SESSION_HEADER) !== null;
  if (isSession && !headers.get(CUSTOM_HEADER)) {
    return problem(403, `Send the header '${CUSTOM_HEADER}' with any value: you are signed in.`);
  }
  return null;
}
