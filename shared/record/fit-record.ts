import { type Failure, failure } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { redactWithin } from "../redact.ts";
import { boundFailure } from "./bound-failure.ts";
import type { OutputProgress } from "./output.ts";
import type { DiskProgress, RequestRecord } from "./record.ts";
import { isTerminal } from "./states.ts";
import type { Timing } from "./timing.ts";
import { fail } from "./transitions.ts";

/** What is kept of the parts of a record that came to too much. Characters, but for the last. */
export const KEPT = {
  /** As much as names 65 disks. */
  disks: 128 * 1024,
  /** An image has a name and an id; nothing of them is longer than a resource id. */
  image: 8 * 1024,
  /** The service's name for a version of a blob has less than 40. */
  etag: 1024,
  /** A trace has 55 (https://www.w3.org/TR/trace-context/). */
  traceparent: 55,
  /** Events with whole messages: a request has five, one whose disks keep changing has more. */
  wholeMessages: 12,
} as const;
const SHORT_MESSAGE = { ...LIMITS.eventMessage, limit: 80 };

/** Characters that a record takes in its row. */
export function measureRecord(record: RequestRecord): number {
  return JSON.stringify(record).length;
}

/**
 * The record as it can be saved. One that a row cannot hold is replaced by a small one: the same request,
 * ended as `failed` with the reason. One that had ended already keeps its end: what is left out of it is
 * said in a warning, because an image that was made was made.
 */
export function fitRecord(
  record: RequestRecord,
  moment: { readonly now: Date; readonly timing: Timing },
): RequestRecord {
  const reason = findExcess(record);
  if (reason === null) return record;
  const small = shrink(record);
  if (!isTerminal(small.state)) return fail(small, explainTooLarge(record, reason), moment);
  return { ...small, warnings: [`${reason} What was found on the disks was left out.`] };
}

/** What there is too much of; null when the record can be saved. */
function findExcess(record: RequestRecord): string | null {
  const { savedRecord, events } = LIMITS;
  const characters = measureRecord(record);
  if (characters > savedRecord.limit) {
    return `The request came to ${characters} characters; ${savedRecord.limit} can be kept.`;
  }
  // Regions are bounded by their number.
  const changes = record.events.filter(({ region }) => region === undefined);
  if (changes.length <= events.limit || isTerminal(record.state)) return null;
  return `The request changed its state more than ${events.limit} times, because its disks kept changing.`;
}

function explainTooLarge({ source }: RequestRecord, reason: string): Failure {
  return failure({
    code: "RequestTooLarge",
    message: reason,
    fix: "Use fewer or shorter names of disks, tags and resource ids, leave the disks unchanged once they are uploaded, and upload again.",
    target: source.name,
  });
}

/** The request without all that can grow. */
function shrink(record: RequestRecord): RequestRecord {
  const { traceparent } = record;
  const disks = record.disks.map(shrinkDisk);
  const ofBoundedSize = <T>(value: T, limit: number, otherwise: T): T =>
    JSON.stringify(value).length <= limit ? value : otherwise;
  return {
    ...record,
    source: { ...record.source, etag: record.source.etag.slice(0, KEPT.etag) },
    traceparent: (traceparent ?? "").length > KEPT.traceparent ? null : traceparent,
    image: ofBoundedSize(record.image, KEPT.image, null),
    request: null,
    decided: null,
    warnings: [],
    disks: ofBoundedSize(disks, KEPT.disks, []),
    outputs: record.outputs.map(shrinkOutput),
    error: record.error && boundFailure(record.error),
    events: shrinkEvents(record.events),
  };
}

/** Which disk it is and what became of it, without what was found on it. */
function shrinkDisk({ external, ...disk }: DiskProgress): DiskProgress {
  return {
    ...disk,
    external: external && redactWithin(external, LIMITS.resourceId),
    detail: null,
    inspection: null,
    warnings: [],
  };
}

function shrinkOutput(output: OutputProgress): OutputProgress {
  const { id, error } = output;
  const isLong = id !== null && id.length > LIMITS.resourceId.limit;
  return {
    ...output,
    id: isLong ? null : id,
    error: error && boundFailure(error),
    progress: {},
    notes: {},
  };
}

/** Every event, as they are numbered without gaps; of very many the texts are cut short. */
function shrinkEvents(events: RequestRecord["events"]): RequestRecord["events"] {
  const limit = events.length > KEPT.wholeMessages ? SHORT_MESSAGE : LIMITS.eventMessage;
  return events.map((event) => ({ ...event, message: redactWithin(event.message, limit) }));
}
