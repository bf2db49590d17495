import type { ArmRequest } from "./arm-http.ts";
import { findComputeLimit } from "./compute-limits.ts";

/**
 * How many more calls a caller has. The limits are those of a fresh token bucket
 * (https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling);
 * the simulator does not count down, for throttling is provoked by faults only.
 */
const REMAINING: Readonly<Record<string, readonly [name: string, calls: string]>> = {
  GET: ["x-ms-ratelimit-remaining-subscription-reads", "249"],
  PUT: ["x-ms-ratelimit-remaining-subscription-writes", "199"],
  PATCH: ["x-ms-ratelimit-remaining-subscription-writes", "199"],
  DELETE: ["x-ms-ratelimit-remaining-subscription-deletes", "199"],
};

/** Returns the headers that every answer of the service has. */
export function serviceHeaders(
  request: ArmRequest,
  location: string,
  now: Date,
): Record<string, string> {
  const time = `${now.toISOString().replaceAll(/[-:]/g, "").slice(0, 15)}Z`;
  const [limit, calls] = REMAINING[request.method] ?? [
    "x-ms-ratelimit-remaining-subscription-reads",
    "249",
  ];
  return {
    "cache-control": "no-cache",
    pragma: "no-cache",
    expires: "-1",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-ms-request-id": request.requestId,
    "x-ms-correlation-request-id": request.requestId,
    "x-ms-routing-request-id": `${location.toUpperCase()}:${time}:${request.requestId}`,
    [limit]: calls,
    ...describeComputeLimit(request),
  };
}

/** Returns Compute's own limit on a request; they come in pairs, for 3 and for 30 minutes. */
function describeComputeLimit({ method, url }: ArmRequest): Record<string, string> {
  const limit = findComputeLimit(method, url);
  if (limit === undefined) return {};
  const { policy, per3Minutes, per30Minutes } = limit;
  return {
    "x-ms-ratelimit-remaining-resource": `Microsoft.Compute/${policy}3Min;${per3Minutes - 1},Microsoft.Compute/${policy}30Min;${per30Minutes - 1}`,
  };
}
