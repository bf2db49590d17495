import type { ArmRequest } from "./http/arm-http.ts";
import { formatOperationUrl } from "./operations.ts";
import type { ResourceId } from "./resource-id.ts";
import type { Service } from "./service.ts";
import type { Operation, OperationEnd } from "./store.ts";

/** A request about one resource. */
export interface ResourceRequest {
  readonly id: ResourceId;
  readonly apiVersion: string;
  readonly request: ArmRequest;
}

/** What an operation is for, and how it goes. */
export interface OperationPlan {
  readonly kind: Operation["kind"];
  readonly location: string;
  /** How many looks find it running; default: the simulator's `pollsInProgress`. */
  readonly observations?: number;
  /** How it ends unless a fault has been ordered; default: it succeeds. */
  readonly end?: OperationEnd;
}

/** Starts an operation. Its id is the request's: so it was in the service's recorded answers. */
export function startOperation(
  service: Service,
  target: ResourceRequest,
  { kind, location, observations = service.pollsInProgress, end }: OperationPlan,
): Operation {
  const ordered = service.faults.takeForOperation(target.request);
  const operation: Operation = {
    id: target.request.requestId,
    subscriptionId: target.id.subscriptionId,
    location,
    kind,
    resource: target.id,
    startTime: service.now(),
    observationsLeft: observations,
    end: ordered.status === "Succeeded" && ordered.isUrlGone !== true ? (end ?? ordered) : ordered,
  };
  service.store.operations.set(operation.id, operation);
  return operation;
}

/** Returns the header that leads to an operation. */
export function pointToOperation(
  service: Service,
  target: ResourceRequest,
  operation: Operation,
): Record<string, string> {
  return {
    "azure-asyncoperation": formatOperationUrl(service.baseUrl(), operation, target.apiVersion),
  };
}

/** Returns both headers that lead to a deletion. */
export function pointToDeletion(
  service: Service,
  target: ResourceRequest,
  operation: Operation,
): Record<string, string> {
  const url = formatOperationUrl(service.baseUrl(), operation, target.apiVersion);
  return { "azure-asyncoperation": url, location: `${url}&monitor=true` };
}

/** Returns the header that asks a client to wait before its next look at an operation. */
export function formatRetryAfter({ retryAfterSeconds }: Service): Record<string, string> {
  return retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };
}
