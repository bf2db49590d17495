import { etagOfBody, isKnownEtag } from "../shared/http/etag.ts";
import { problem } from "../shared/http/problem.ts";
import { refuseQuery } from "../shared/http/status-query.ts";
import { retryAfterSeconds, toStatusView } from "../shared/http/status-view.ts";
import type { Clock, RecordStore } from "../shared/ports.ts";
import { isRequestId } from "../shared/record/identity.ts";
import type { Answer } from "./http-handler.ts";

/** `GET /api/status/{requestId}`: one status; 304 when the client has it already. */
export function makeHandler({
  records,
  clock,
}: {
  readonly records: RecordStore;
  readonly clock: Clock;
}): Answer {
  return async (request) => {
    refuseQuery(request.query);
    const requestId = request.params.requestId ?? "";
    const stored = isRequestId(requestId) ? await records.get(requestId) : null;
    if (stored === null) {
      return problem(404, "No request has this id; GET /api/status lists all requests.");
    }
    const view = toStatusView(stored.record);
    const etag = etagOfBody(view);
    const retryAfter = retryAfterSeconds(stored.record, clock());
    const headers = { etag, ...(retryAfter !== null && { "retry-after": String(retryAfter) }) };
    const isKnown = isKnownEtag(etag, request.headers.get("if-none-match"));
    return isKnown ? { status: 304, headers } : { headers, jsonBody: view };
  };
}
