import type { Cancellation } from "../shared/flow/cancel-request.ts";
import type { Retry } from "../shared/flow/retry-request.ts";
import { type ProblemResponse, problem } from "../shared/http/problem.ts";

const UNKNOWN = "There is no request with this id; GET /api/status lists them.";

/** Why a request was not canceled, and what can be done. */
export function explainCancellation(
  result: Exclude<Cancellation, { outcome: "canceled" }>,
): ProblemResponse {
  switch (result.outcome) {
    case "unknown":
      return problem(404, UNKNOWN);
    case "ended":
      return problem(409, `The request has ended already: ${result.state}.`);
    case "unread":
      return problem(409, "The manifest has not been read yet. Try again in some seconds.");
    case "building":
      return problem(
        409,
        `Azure is building the image already and cannot cancel that. Wait until the request has ended, then delete what is not wanted: ${result.ids.map((id) => `az resource delete --ids "${id}"`).join("; ")}`,
      );
  }
}

/** Why a request was not retried, and what can be done. */
export function explainRetry(result: Exclude<Retry, { outcome: "opened" }>): ProblemResponse {
  switch (result.outcome) {
    case "unknown":
      return problem(404, UNKNOWN);
    case "open":
      return problem(
        409,
        `The request has not ended: ${result.state}. Wait until it has, or cancel it first.`,
      );
    case "retried": {
      const { requestId, state } = result.record;
      return problem(
        409,
        `The request was retried already, by request ${requestId}, which ended ${state}. Retry that one.`,
      );
    }
    case "gone":
      return problem(409, `${result.source} does not exist any more. Upload it again.`);
    case "changed":
      return problem(
        409,
        `${result.source} was uploaded again since: GET /api/status?source=${encodeURIComponent(result.source)} lists the request of the newer upload.`,
      );
    case "ignored":
      return problem(
        409,
        "The setting VHD_WITHOUT_MANIFEST of the app is ignore. Upload a manifest that names the disk.",
      );
    case "exhausted":
      return problem(409, "The upload was retried too often. Upload it again.");
  }
}
