import { etagOfBody, isKnownEtag } from "../shared/http/etag.ts";
import { readStatusQuery } from "../shared/http/status-query.ts";
import { listRetryAfterSeconds, toStatusView } from "../shared/http/status-view.ts";
import type { Clock, RecordStore } from "../shared/ports.ts";
import type { Answer } from "./http-handler.ts";

/** `GET /api/status`: a page of statuses, newest first; 304 when the client has it already. */
export function makeHandler({
  records,
  clock,
}: {
  readonly records: RecordStore;
  readonly clock: Clock;
}): Answer {
  return async (request) => {
    const page = await records.list(readStatusQuery(request.query));
    const body = { items: page.records.map(toStatusView), nextCursor: page.nextCursor };
    const etag = etagOfBody(body);
    const retryAfter = listRetryAfterSeconds(page.records, clock());
    const headers = { etag, "retry-after": String(retryAfter) };
    const isKnown = isKnownEtag(etag, request.headers.get("if-none-match"));
    return isKnown ? { status: 304, headers } : { headers, jsonBody: body };
  };
}
