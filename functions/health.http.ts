import { checkHealth, type Dependency, type Health } from "../shared/http/health.ts";
import type { Clock } from "../shared/ports.ts";
import type { Answer } from "./http-handler.ts";

const TIMEOUT_MILLISECONDS = 5_000;
/** So long an answer is given again: anybody may ask, and each check costs calls. */
const KEPT_MILLISECONDS = 5_000;

/**
 * `GET /api/health`: 200 when everything the app needs is there, else 503; open to everybody. However
 * many ask, the dependencies are checked once in some seconds, and once at a time.
 */
export function makeHandler(
  dependencies: readonly Dependency[],
  clock: Clock = () => new Date(),
): Answer {
  let kept: { readonly at: number; readonly health: Promise<Health> } | null = null;
  return async (_request, log) => {
    const now = clock().getTime();
    if (kept === null || now - kept.at >= KEPT_MILLISECONDS) {
      const health = checkHealth(dependencies, {
        timeoutMilliseconds: TIMEOUT_MILLISECONDS,
        onFailure: (dependency, error) =>
          log.error("health.failing", { dependency, error: String(error) }),
      });
      kept = { at: now, health };
    }
    const health = await kept.health;
    return { status: health.status === "healthy" ? 200 : 503, jsonBody: health };
  };
}
