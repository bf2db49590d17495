import { refuseQuery } from "../shared/http/status-query.ts";
import type { StatusQueue } from "../shared/ports.ts";
import type { Answer } from "./http-handler.ts";

/** `GET /api/queue`: the head of the status queue; nothing is consumed. */
export function makeHandler(statusQueue: StatusQueue): Answer {
  return async (request) => {
    refuseQuery(request.query);
    return { jsonBody: await statusQueue.peek() };
  };
}
