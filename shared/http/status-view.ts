import type { Failure } from "../errors.ts";
import { redactDeep } from "../redact.ts";
import type { DiskProgress, RequestRecord } from "../request/record.ts";
import { isTerminal, type RequestState } from "../request/states.ts";

/** One disk of a request as users see it. */
export interface DiskView {
  readonly role: DiskProgress["role"];
  readonly lun?: number;
  /** Blob name, for a disk of the app's own account. */
  readonly blob: string | null;
  /** Resource id or URI, for anything else. */
  readonly resource?: string;
  readonly state: DiskProgress["state"];
  readonly detail: string | null;
}

/** The status document of one request. */
export interface StatusView {
  readonly requestId: string;
  readonly state: RequestState;
  readonly kind: RequestRecord["kind"];
  readonly source: string;
  readonly image: RequestRecord["image"];
  readonly disks: readonly DiskView[];
  readonly error: Failure | null;
  /** The service's last answer, while it is being retried. */
  readonly retrying: {
    readonly code: string;
    readonly message: string;
    readonly attempts: number;
  } | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly completedAt: string | null;
  readonly events: readonly {
    readonly at: string;
    readonly state: RequestState;
    readonly message: string;
  }[];
}

/** A record without what is the app's own business: operation URL, ETags, step numbers. */
export function toStatusView(record: RequestRecord): StatusView {
  const { requestId, state, kind, image, error, createdAt, updatedAt, completedAt } = record;
  return redactDeep({
    requestId,
    state,
    kind,
    source: record.source.name,
    image,
    disks: record.disks.map(toDiskView),
    error: state === "failed" ? error : null,
    retrying:
      error !== null && !isTerminal(state)
        ? { code: error.code, message: error.message, attempts: record.retries }
        : null,
    createdAt,
    updatedAt,
    completedAt,
    events: record.events.map(({ at, state: entered, message }) => ({
      at,
      state: entered,
      message,
    })),
  });
}

function toDiskView({ role, lun, ref, external, state, detail }: DiskProgress): DiskView {
  return {
    role,
    ...(lun !== null && { lun }),
    blob: ref?.name ?? null,
    ...(external !== null && { resource: external }),
    state,
    detail,
  };
}

/** Seconds until the next step of a request is due, at least 1; null when nothing follows. */
export function retryAfterSeconds(record: RequestRecord, now: Date): number | null {
  if (isTerminal(record.state)) return null;
  const due = record.dueAt === null ? now : new Date(record.dueAt);
  return Math.min(60, Math.max(1, Math.ceil((due.getTime() - now.getTime()) / 1000)));
}
