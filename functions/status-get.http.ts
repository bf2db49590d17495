import { problem } from "../shared/http/problem.ts";
import { refuseQuery } from "../shared/http/status-query.ts";
import { retryAfterSeconds, toStatusView } from "../shared/http/status-view.ts";
import type { Clock, RecordStore } from "../shared/ports.ts";
import { digest, isRequestId } from "../shared/record/identity.ts";
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
    const etag = `"${digest([JSON.stringify(view)]).slice(0, 26)}"`;
    const retryAfter = retryAfterSeconds(stored.record, clock());
    const headers = { etag, ...(retryAfter !== null && { "retry-after": String(retryAfter) }) };
    const isKnown = knownEtags(request.headers.get("if-none-match")).has(etag);
    return isKnown ? { status: 304, headers } : { headers, jsonBody: view };
  };
}

/** ETags of an If-None-Match header; weak ones count, the comparison is a weak one (RFC 9110, 13.1.2). */
function knownEtags(header: string | null): ReadonlySet<string> {
  return new Set((header ?? "").split(",").map((etag) => etag.trim().replace(/^W\//, "")));
}
