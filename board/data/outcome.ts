import type { Health } from "../model/health.ts";
import type { Answer } from "./api.ts";
import type { Outcome } from "./state.ts";

/** The health in an answer; an unhealthy app answers 503 with the same body. Null without one. */
export function healthOf(answer: Answer): Health | null {
  const body = answer.kind === "ok" || answer.kind === "trouble" ? answer.body : null;
  const isHealth =
    typeof body === "object" &&
    body !== null &&
    "dependencies" in body &&
    Array.isArray(body.dependencies);
  return isHealth ? (body as unknown as Health) : null;
}

/** What an attempt to change something came to. */
export function toOutcome(answer: Answer): Outcome {
  if (answer.kind === "ok") return { kind: "done", body: answer.body };
  if (answer.kind === "refused") return answer;
  const detail =
    answer.kind === "unauthorized"
      ? "The key does not open this action. Use a key that may act, or ask whoever runs the app."
      : answer.kind === "trouble"
        ? answer.detail
        : "The app did not answer.";
  return { kind: "refused", status: answer.kind === "unauthorized" ? 401 : 0, detail, body: null };
}
