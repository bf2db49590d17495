import { checkHealth, type Dependency } from "../shared/http/health.ts";
import type { Answer } from "./http-handler.ts";

const TIMEOUT_MILLISECONDS = 5_000;

/** `GET /api/health`: 200 when everything the app needs is there, else 503; open to everybody. */
export function makeHandler(dependencies: readonly Dependency[]): Answer {
  return async (_request, log) => {
    const health = await checkHealth(dependencies, {
      timeoutMilliseconds: TIMEOUT_MILLISECONDS,
      onFailure: (dependency, error) =>
        log.error("health.failing", { dependency, error: String(error) }),
    });
    return { status: health.status === "healthy" ? 200 : 503, jsonBody: health };
  };
}
