import type { ArmRequest } from "./arm-http.ts";

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

/** Compute's own limits come in pairs, for 3 and for 30 minutes. */
function describeComputeLimit({ method, url }: ArmRequest): Record<string, string> {
  if (!/\/providers\/Microsoft\.Compute\/images\b/i.test(url.pathname)) return {};
  const [policy, short, long] =
    method === "GET"
      ? ["GetImages", 359, 1799]
      : [`${method === "DELETE" ? "Delete" : "Create"}Images`, 39, 199];
  return {
    "x-ms-ratelimit-remaining-resource": `Microsoft.Compute/${policy}3Min;${short},Microsoft.Compute/${policy}30Min;${long}`,
  };
}
