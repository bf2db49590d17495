import type { ArmErrorBody } from "../errors.ts";
import { type ArmRequest, type ArmResponse, decodePathname } from "../http/arm-http.ts";
import type { OperationEnd } from "../store.ts";
import { usualError, usualOperationError } from "./default-errors.ts";

/** Which requests a fault applies to; what is absent matches all. */
interface FaultMatch {
  readonly method?: string | undefined;
  /** A part of the decoded path, in any case. */
  readonly path?: string | undefined;
}

/** Spoils the next `count` matching requests. */
export interface RequestFault extends FaultMatch {
  /** An HTTP status, no answer at all, or a connection that breaks. */
  readonly status: number | "timeout" | "drop";
  /** Whether the service has done the work by then. */
  readonly when: "before" | "after";
  /** Seconds. */
  readonly retryAfter?: number | undefined;
  /** Seconds after which a request that gets no answer loses its connection; default: never. */
  readonly seconds?: number | undefined;
  readonly error?: ArmErrorBody | undefined;
  readonly count: number;
}

/** Decides what becomes of the next `count` operations that matching requests start. */
export interface OperationFault extends FaultMatch {
  readonly operation: Exclude<OperationEnd["status"], "Succeeded"> | "Gone";
  readonly error?: ArmErrorBody | undefined;
  readonly count: number;
}

/** Decides how the next `count` replications to a region go that matching requests start. */
export interface RegionFault extends FaultMatch {
  /** Short name. */
  readonly region: string;
  readonly replication: "Failed" | "Slow" | "Never";
  /** How many looks it takes longer than usual. */
  readonly looks: number;
  /** What is said of a region that has failed. */
  readonly details: string;
  readonly count: number;
}

/** Lets somebody else make the version just before the next `count` matching PUTs reach it. */
export interface RivalFault extends FaultMatch {
  readonly rival: "SameSource" | "OtherSource";
  readonly count: number;
}

/** A fault as it was ordered; `count` is what is left of it. */
export type Fault = RequestFault | OperationFault | RegionFault | RivalFault;

/** The faults in waiting, in the order in which they were ordered. */
export interface FaultQueue {
  add(fault: Fault): void;
  list(): readonly Fault[];
  clear(): void;
  /** Returns and uses up one count of the first fault that matches the request. */
  takeForRequest(request: ArmRequest): RequestFault | undefined;
  /** Returns how an operation that the request starts is going to end. */
  takeForOperation(request: ArmRequest): OperationEnd;
  /** Returns and uses up one count of the first fault for the region (a short name). */
  takeForRegion(request: ArmRequest, region: string): RegionFault | undefined;
  /** Returns and uses up one count of the first rival of the request. */
  takeRival(request: ArmRequest): RivalFault | undefined;
}

/** Returns an empty queue of faults. */
export function createFaultQueue(): FaultQueue {
  let faults: readonly Fault[] = [];
  const take = <Kind extends Fault>(
    request: ArmRequest,
    isKind: (fault: Fault) => fault is Kind,
  ): Kind | undefined => {
    const found = faults.filter(isKind).find((fault) => matches(fault, request));
    faults = faults
      .map((fault) => (fault === found ? { ...fault, count: fault.count - 1 } : fault))
      .filter(({ count }) => count > 0);
    return found;
  };
  return {
    add: (fault) => {
      faults = [...faults, fault];
    },
    list: () => faults,
    clear: () => {
      faults = [];
    },
    takeForRequest: (request) => take(request, isRequestFault),
    takeForOperation: (request) => {
      const fault = take(request, isOperationFault);
      if (fault?.operation === "Gone") return { status: "Succeeded", isUrlGone: true };
      const status = fault?.operation ?? "Succeeded";
      const error = fault?.error ?? usualOperationError(status);
      return { status, ...(error === undefined ? {} : { error }) };
    },
    takeForRegion: (request, region) =>
      take(
        request,
        (fault): fault is RegionFault => "replication" in fault && fault.region === region,
      ),
    takeRival: (request) => take(request, (fault): fault is RivalFault => "rival" in fault),
  };
}

/** Returns the answer of a fault that has one, instead of the service's own. */
export function answerFault(
  fault: RequestFault & { readonly status: number },
  request: ArmRequest,
  now: Date,
): ArmResponse {
  return {
    status: fault.status,
    headers: fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) },
    body: { error: fault.error ?? usualError(fault.status, request, now) },
  };
}

function matches({ method, path }: FaultMatch, request: ArmRequest): boolean {
  const pathname = decodePathname(request.url).toLowerCase();
  return (
    (method === undefined || method.toUpperCase() === request.method) &&
    (path === undefined || pathname.includes(path.toLowerCase()))
  );
}

function isRequestFault(fault: Fault): fault is RequestFault {
  return "status" in fault;
}

function isOperationFault(fault: Fault): fault is OperationFault {
  return "operation" in fault;
}
