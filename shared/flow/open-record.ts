import type { BlobProperties, Clock } from "../ports.ts";
import { fitRecord } from "../record/fit-record.ts";
import type { RequestRecord } from "../record/record.ts";
import type { Timing } from "../record/timing.ts";
import { deadlineOf } from "../record/transitions.ts";
import { requestIdOfBlob } from "../stages/upload-kind.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";

/** What a request is opened for. */
export interface Opening {
  readonly kind: RequestRecord["kind"];
  readonly blob: BlobProperties;
  /** The request that is retried; null when the upload has none yet. */
  readonly retried: Pick<RequestRecord, "requestId" | "attempt"> | null;
}

/**
 * The record of a request in its first state, before it is saved. Its first step is due at once. One that
 * a row cannot hold has ended already; its first step announces that.
 */
export function openRecord(
  { kind, blob, retried }: Opening,
  context: { readonly clock: Clock; readonly timing: Timing; readonly telemetry: Telemetry },
): RequestRecord {
  const now = context.clock();
  const at = now.toISOString();
  const { container, name, etag } = blob;
  const attempt = retried === null ? 1 : retried.attempt + 1;
  const upload = kind === "manifest" ? "a manifest was uploaded" : "a VHD is being uploaded";
  const message =
    retried === null ? upload : `attempt ${attempt}: request ${retried.requestId} is retried`;
  const record: RequestRecord = {
    schemaVersion: 2,
    requestId: requestIdOfBlob(kind, blob, attempt),
    kind,
    source: {
      container,
      name,
      etag,
      createdOn: blob.createdOn.toISOString(),
      lastModified: blob.lastModified.toISOString(),
    },
    attempt,
    retryOf: retried?.requestId ?? null,
    retriedBy: null,
    state: "received",
    step: 1,
    claimedUntil: null,
    attempts: 0,
    retries: 0,
    refusals: 0,
    image: null,
    request: null,
    inspect: "enforce",
    convert: null,
    decided: null,
    warnings: [],
    disks: [],
    outputs: [],
    decidedAt: null,
    error: null,
    createdAt: at,
    updatedAt: at,
    completedAt: null,
    deadlineAt: deadlineOf("received", now, context.timing),
    dueAt: at,
    events: [{ sequence: 1, at, state: "received", message }],
    announced: 0,
    traceparent: context.telemetry.traceparent(),
  };
  return fitRecord(record, { now, timing: context.timing });
}
