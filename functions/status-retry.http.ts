import type { IngestContext } from "../shared/flow/ingest.ts";
import { retryRequest } from "../shared/flow/retry-request.ts";
import { refuseQuery } from "../shared/http/status-query.ts";
import { retryAfterSeconds, toStatusView } from "../shared/http/status-view.ts";
import { explainRetry } from "./explain-action.ts";
import type { Answer } from "./http-handler.ts";
import type { WithLog } from "./logger.ts";

/** `POST /api/status/{requestId}/retry`: 202 with the new request for the same upload, and its place. */
export function makeHandler(process: WithLog<IngestContext>): Answer {
  return async (request, log) => {
    refuseQuery(request.query);
    const result = await retryRequest(request.params.requestId ?? "", { ...process, log });
    if (result.outcome !== "opened") return explainRetry(result);
    const { record } = result;
    const headers = {
      location: `../${record.requestId}`,
      "retry-after": String(retryAfterSeconds(record, process.clock()) ?? 1),
    };
    return { status: 202, headers, jsonBody: toStatusView(record) };
  };
}
