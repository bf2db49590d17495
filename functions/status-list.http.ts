import { readStatusQuery } from "../shared/http/status-query.ts";
import { toStatusView } from "../shared/http/status-view.ts";
import type { RecordStore } from "../shared/ports.ts";
import type { Answer } from "./http-handler.ts";

/** `GET /api/status`: a page of statuses, newest first. */
export function makeHandler(records: RecordStore): Answer {
  return async (request) => {
    const page = await records.list(readStatusQuery(request.query));
    return { jsonBody: { items: page.records.map(toStatusView), nextCursor: page.nextCursor } };
  };
}
