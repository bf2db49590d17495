import { randomUUID } from "node:crypto";
import type { HttpHandler, HttpRequest, HttpResponseInit } from "@azure/functions";
import { BadQueryError, RecordConflictError, SettingsError } from "../shared/errors.ts";
import { problem } from "../shared/http/problem.ts";
import type { Logger } from "../shared/ports.ts";
import { createLogger } from "./logger.ts";

/** Answers one kind of HTTP request. */
export type Answer = (request: HttpRequest, log: Logger) => Promise<HttpResponseInit>;

/** On every answer: a status is never to be cached or taken for another content type. */
const COMMON_HEADERS = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

/**
 * A handler for the Functions library. Whatever is thrown becomes problem+json here and nowhere else;
 * of an unexpected error the client only sees a number to ask for.
 */
export function makeHttpHandler(answer: Answer): HttpHandler {
  return async (request, invocation) => {
    const log = createLogger(invocation);
    try {
      return withCommonHeaders(await answer(request, log));
    } catch (error) {
      return withCommonHeaders(explain(error, log));
    }
  };
}

function explain(error: unknown, log: Logger): HttpResponseInit {
  if (error instanceof BadQueryError) return problem(400, error.message);
  if (error instanceof RecordConflictError) {
    return problem(409, "A step of the request is running. Try again in a few seconds.");
  }
  if (error instanceof SettingsError) {
    log.error("settings.wrong", { problems: error.problems });
    const list = error.problems.join("; ");
    return problem(503, `The app's settings are invalid: ${list}. GET /api/health lists them all.`);
  }
  const correlationId = randomUUID();
  log.error("http.unexpected", {
    correlationId,
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
  return problem(500, `An unexpected error occurred; search the log for ${correlationId}.`);
}

function withCommonHeaders(response: HttpResponseInit): HttpResponseInit {
  const headers = response.headers as Record<string, string> | undefined;
  return { ...response, headers: { ...COMMON_HEADERS, ...headers } };
}
