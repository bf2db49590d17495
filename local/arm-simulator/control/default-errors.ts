import { STATUS_CODES } from "node:http";
import { type ArmErrorBody, anotherOperation } from "../errors.ts";
import type { ArmRequest } from "../http/arm-http.ts";
import { decodePathname } from "../http/arm-http.ts";
import { findComputeLimit } from "../http/compute-limits.ts";
import type { OperationEnd } from "../store.ts";

/**
 * What the service usually says with a status, for faults that give no error of their own. Sources:
 * https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors
 * and, for 429, https://learn.microsoft.com/troubleshoot/azure/virtual-machines/windows/troubleshooting-throttling-errors.
 */
const USUAL_ERRORS: Readonly<Record<number, (request: ArmRequest, now: Date) => ArmErrorBody>> = {
  400: () => ({ code: "InvalidParameter", message: "The value of a parameter is invalid." }),
  401: () => ({
    code: "ExpiredAuthenticationToken",
    message: "The access token expiry time is earlier than the current time.",
  }),
  403: (request) => ({
    code: "AuthorizationFailed",
    message: `The client does not have authorization to perform action '${nameAction(request)}' over scope '${decodePathname(request.url)}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  }),
  404: (request) => ({
    code: "NotFound",
    message: `Resource ${decodePathname(request.url)} is not found.`,
  }),
  409: (request) => anotherOperation(nameLast(request)).body,
  429: describeThrottling,
  500: () => ({ code: "InternalServerError", message: "An internal server error occurred." }),
  503: () => ({ code: "ServiceUnavailable", message: "The service is temporarily unavailable." }),
};

/** Returns the error that the service usually gives with a status. */
export function usualError(status: number, request: ArmRequest, now: Date): ArmErrorBody {
  const text = STATUS_CODES[status] ?? "Error";
  return (
    USUAL_ERRORS[status]?.(request, now) ?? {
      code: text.replaceAll(/\W/g, ""),
      message: `The request failed: ${text}.`,
    }
  );
}

/** Returns the error of an operation that a fault ends, unless the fault brings its own. */
export function usualOperationError(status: OperationEnd["status"]): ArmErrorBody | undefined {
  switch (status) {
    case "Failed":
      return {
        code: "InternalOperationError",
        message: "An internal error occurred while the image was being created.",
      };
    case "Canceled":
      return { code: "OperationPreempted", message: "The operation was canceled." };
    default:
      return undefined;
  }
}

/** Compute hides the throttling in a code it also uses for conflicts; only the detail tells. */
function describeThrottling(request: ArmRequest, now: Date): ArmErrorBody {
  const minute = 60_000;
  const { policy = "GetImages", per3Minutes = 360 } =
    findComputeLimit(request.method, request.url) ?? {};
  const operationGroup = `${policy}3Min`;
  return {
    code: "OperationNotAllowed",
    message:
      "The server rejected the request because too many requests have been received for this subscription.",
    details: [
      {
        code: "TooManyRequests",
        target: operationGroup,
        message: JSON.stringify({
          operationGroup,
          startTime: new Date(now.getTime() - 3 * minute).toISOString(),
          endTime: now.toISOString(),
          allowedRequestCount: per3Minutes,
          measuredRequestCount: per3Minutes + 7,
        }),
      },
    ],
  };
}

const ACTIONS: Readonly<Record<string, string>> = { GET: "read", DELETE: "delete" };

function nameAction({ method, url }: ArmRequest): string {
  const type = /\/providers\/Microsoft\.Compute\/([^/]+)/i.exec(url.pathname)?.[1] ?? "images";
  return `Microsoft.Compute/${type}/${ACTIONS[method] ?? "write"}`;
}

function nameLast({ url }: ArmRequest): string {
  return decodePathname(url).split("/").at(-1) ?? "";
}
