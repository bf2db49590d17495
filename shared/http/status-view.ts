import type { Failure } from "../errors.ts";
import { type Conversion, percentOf, secondsLeft } from "../record/conversion.ts";
import type { Inspection } from "../record/inspection.ts";
import type { OutputProgress, OutputState } from "../record/output.ts";
import type { DiskProgress, RequestRecord } from "../record/record.ts";
import { isTerminal, type RequestState } from "../record/states.ts";
import { redactDeep } from "../redact.ts";

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
  /** What was found on the disk; null before it was checked, and for one that the app cannot read. */
  readonly inspection: Omit<Inspection, "certainty"> | null;
  /** How it is converted; absent for a disk that is used as it is. */
  readonly conversion?: ConversionView;
  /** What a user should know of the disk though an image can be made from it. */
  readonly warnings: readonly string[];
}

/** The conversion of a disk as users see it. */
export interface ConversionView {
  readonly from: string;
  /** Container and name of the fixed VHD. */
  readonly to: string;
  readonly mode: Conversion["mode"];
  /** Bytes of the disk that hold data. */
  readonly bytesTotal: number;
  readonly bytesDone: number;
  /** Calls to storage that write all of them; absent for a conversion that an older version began. */
  readonly calls?: number;
  readonly percent: number;
  /** An estimate, at the rate so far. */
  readonly secondsLeft: number;
}

/** One thing that a request makes, as users see it. Each kind may say more of itself. */
export interface OutputView {
  readonly kind: string;
  readonly state: OutputState;
  /** Resource id, once it is there. */
  readonly id: string | null;
  /** Why it failed; null also when it ended with its request, whose error says why. */
  readonly error: Failure | null;
}

/** The status document of one request. */
export interface StatusView {
  readonly requestId: string;
  readonly state: RequestState;
  readonly kind: RequestRecord["kind"];
  readonly source: string;
  /** The managed image. */
  readonly image: RequestRecord["image"];
  readonly outputs: readonly OutputView[];
  readonly disks: readonly DiskView[];
  /** All warnings: those of the disks, each after the disk's name, and those of the whole request. */
  readonly warnings: readonly string[];
  readonly error: Failure | null;
  /** The service's last answer, while it is being retried. */
  readonly retrying: {
    readonly code: string;
    readonly message: string;
    readonly attempts: number;
  } | null;
  /** The request that this one retries, and the one that retries it. */
  readonly retryOf: string | null;
  readonly retriedBy: string | null;
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
    outputs: record.outputs.map(toOutputView),
    disks: record.disks.map(toDiskView),
    warnings: listWarnings(record),
    error: state === "failed" ? error : null,
    retrying:
      error !== null && !isTerminal(state)
        ? { code: error.code, message: error.message, attempts: record.retries }
        : null,
    retryOf: record.retryOf,
    retriedBy: record.retriedBy,
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

function toOutputView({ kind, state, id, error, progress }: OutputProgress): OutputView {
  return { ...progress, kind, state, id, error: state === "failed" ? error : null };
}

function listWarnings({ inspect, disks, warnings }: RequestRecord): readonly string[] {
  const ofDisks = disks.flatMap((disk) =>
    disk.warnings.map((warning) => `${disk.ref?.name ?? disk.external}: ${warning}`),
  );
  return inspect === "off" ? warnings : [...ofDisks, ...warnings];
}

function toDiskView(disk: DiskProgress): DiskView {
  const { role, lun, ref, external, state, detail, inspection, conversion, warnings } = disk;
  return {
    role,
    ...(lun !== null && { lun }),
    blob: ref?.name ?? null,
    ...(external !== null && { resource: external }),
    state,
    detail,
    inspection: inspection && withoutCertainty(inspection),
    ...(conversion !== null && { conversion: toConversionView(conversion) }),
    warnings,
  };
}

function toConversionView(conversion: Conversion): ConversionView {
  const { from, to, mode, bytesTotal, bytesDone, callsTotal } = conversion;
  return {
    from,
    to: `${to.container}/${to.name}`,
    mode,
    bytesTotal,
    bytesDone,
    ...(callsTotal !== undefined && { calls: callsTotal }),
    percent: percentOf(conversion),
    secondsLeft: secondsLeft(conversion),
  };
}

/** The reasons say it in words. */
function withoutCertainty({
  certainty: _,
  excluded: __,
  ...inspection
}: Inspection): DiskView["inspection"] {
  return inspection;
}

/** Seconds until the next step of a request is due, at least 1; null when nothing follows. */
export function retryAfterSeconds(record: RequestRecord, now: Date): number | null {
  if (isTerminal(record.state)) return null;
  const due = record.dueAt === null ? now : new Date(record.dueAt);
  return Math.min(60, Math.max(1, Math.ceil((due.getTime() - now.getTime()) / 1000)));
}

/** The shortest and the longest time until a list is worth another look, in seconds. */
const LIST_SECONDS = { least: 2, most: 60 };

/**
 * Seconds until the first of the requests on a page has its next step, 2 to 60. A page on which all
 * have ended may change too: uploads open new requests at any time.
 */
export function listRetryAfterSeconds(records: readonly RequestRecord[], now: Date): number {
  const due = records.flatMap((record) => retryAfterSeconds(record, now) ?? []);
  return Math.max(LIST_SECONDS.least, Math.min(LIST_SECONDS.most, ...due));
}
