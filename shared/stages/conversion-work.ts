import { failure } from "../errors.ts";
import type { BlobProperties } from "../ports.ts";
import { type Conversion, percentOf } from "../record/conversion.ts";
import { growingDelay, MAX_WAIT_SECONDS, spread } from "../record/delays.ts";
import type { DiskProgress, RequestRecord } from "../record/record.ts";
import { fail } from "../record/transitions.ts";
import { isToConvert } from "./enter-when-complete.ts";
import { momentOf, type StageContext, type StageResult } from "./stage.ts";

/** A disk in the middle of its conversion. */
export interface ConversionWork {
  readonly record: RequestRecord;
  readonly disk: DiskProgress;
  readonly conversion: Conversion;
  readonly blob: BlobProperties;
  readonly context: StageContext;
}

/** The record with one of its conversions replaced, and the disk as it is then. */
export function replaceConversion(
  record: RequestRecord,
  disk: DiskProgress,
  conversion: Conversion,
): RequestRecord {
  const isSame = ({ role, lun }: DiskProgress) => role === disk.role && lun === disk.lun;
  const state = conversion.isDone ? "complete" : "converting";
  const detail = conversion.isDone ? null : `${percentOf(conversion)} % converted`;
  const disks = record.disks.map(
    (other): DiskProgress => (isSame(other) ? { ...other, state, detail, conversion } : other),
  );
  return { ...record, disks };
}

/** The record after a step in which nothing went wrong. */
export function untroubled(record: RequestRecord): RequestRecord {
  return { ...record, attempts: record.attempts + 1, retries: 0, refusals: 0, error: null };
}

/** The request waits in the queue, longer each time that nothing was done. */
export function backOff(
  record: RequestRecord,
  { tries, context }: { readonly tries: number; readonly context: StageContext },
): StageResult {
  const seconds = growingDelay(context.timing.retrySeconds, tries, MAX_WAIT_SECONDS);
  return {
    record: { ...record, retries: tries + 1, error: STORAGE_BUSY },
    delaySeconds: spread(seconds, record.requestId, tries),
  };
}

const STORAGE_BUSY = failure({
  code: "ServerBusy",
  message: "Blob Storage is busy; the conversion continues with fewer calls at a time.",
  fix: null,
  retryable: true,
});

/** The failure of a request whose disks were not converted in time. */
export function explainConvertDeadline(
  record: RequestRecord,
  context: StageContext,
): RequestRecord {
  const open = record.disks.filter(isToConvert);
  const progress = open
    .map(
      ({ ref, conversion }) => `${ref?.name}: ${conversion === null ? 0 : percentOf(conversion)} %`,
    )
    .join(", ");
  const error = failure({
    code: "ConversionTimedOut",
    message: `Not converted before the deadline: ${progress}.`,
    fix: "Retry the request, raise CONVERT_DEADLINE_HOURS, or convert the disk before you upload it: npx vhd-to-image convert FILE OUT.vhd",
    retryable: true,
    target: open[0]?.ref?.name ?? null,
  });
  return fail(record, error, momentOf(context));
}
