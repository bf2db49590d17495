import type { AdvanceContext } from "../shared/flow/advance.ts";
import { cancelRequest } from "../shared/flow/cancel-request.ts";
import { refuseQuery } from "../shared/http/status-query.ts";
import { toStatusView } from "../shared/http/status-view.ts";
import { explainCancellation } from "./explain-action.ts";
import type { Answer } from "./http-handler.ts";
import type { WithLog } from "./logger.ts";

/** `POST /api/status/{requestId}/cancel`: the status of the request that is now canceled. */
export function makeHandler(process: WithLog<AdvanceContext>): Answer {
  return async (request, log) => {
    refuseQuery(request.query);
    const result = await cancelRequest(request.params.requestId ?? "", { ...process, log });
    return result.outcome === "canceled"
      ? { jsonBody: toStatusView(result.record) }
      : explainCancellation(result);
  };
}
