import type { ErrorDetail } from "./errors.ts";
import { LIMITS } from "./limits.ts";
import { type RequestEvent, type RequestRecord, stateBefore } from "./record/record.ts";
import { redact, redactDeep, redactWithin } from "./redact.ts";

/** A CloudEvents 1.0 message in JSON format (https://github.com/cloudevents/spec). */
export interface CloudEvent {
  readonly specversion: "1.0";
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: "application/json";
  /** The sequence extension: numbers of one request without gaps, padded so that text sorts. */
  readonly sequence: string;
  /** The distributed tracing extension: the span that opened the request. */
  readonly traceparent?: string;
  readonly data: unknown;
}

/** Type of every event on the status queue; CloudEvents wants the name of a domain before it. */
export const STATE_CHANGED = "io.github.vhd-to-image.request.state-changed";

/** Type of an event about a region that has got an output, or will not get it. */
export const REGION_CHANGED = "io.github.vhd-to-image.output.region-changed";

const MAX_DETAILS = 20;
/** What is left of a text in a message that would be too large. JSON makes six bytes of some characters. */
const SHORT_TEXT = { ...LIMITS.eventMessage, limit: 500 };

/**
 * The status-queue message of one state change, of a size that the queue takes. The id depends on the
 * request and the sequence number alone, so that a repeated message can be recognised.
 * @param account the app's storage account, which distinguishes one deployment from another
 */
export function toCloudEvent(
  record: RequestRecord,
  event: RequestEvent,
  account: string,
): CloudEvent {
  const error = errorOf(record, event);
  const bare = { message: event.message, error: error && { ...error, details: [] } };
  const complete = (texts: Texts): CloudEvent => describeChange(record, event, account, texts);
  const whole = complete(bare);
  const room = LIMITS.queueMessage.limit - bytesOf(whole);
  if (room < 0) return complete(shortenTexts(bare));
  const details = fittingDetails(error?.details ?? [], room);
  return details.length === 0
    ? whole
    : complete({ ...bare, error: error && { ...error, details } });
}

/** What a message says beside facts of a bounded size. */
interface Texts {
  readonly message: string;
  readonly error: RequestRecord["error"];
}

function shortenTexts({ message, error }: Texts): Texts {
  const shorten = (text: string): string => redactWithin(text, SHORT_TEXT);
  if (error === null) return { message: shorten(message), error };
  const orNull = (text: string | null): string | null => text && shorten(text);
  return {
    message: shorten(message),
    error: {
      ...error,
      code: shorten(error.code),
      message: shorten(error.message),
      fix: orNull(error.fix),
      target: orNull(error.target),
    },
  };
}

function describeChange(
  record: RequestRecord,
  event: RequestEvent,
  account: string,
  texts: Texts,
): CloudEvent {
  return {
    specversion: "1.0",
    id: `${record.requestId}-${event.sequence}`,
    source: `/vhd-to-image/${account}/${record.source.container}`,
    type: event.region === undefined ? STATE_CHANGED : REGION_CHANGED,
    subject: redact(record.source.name),
    time: event.at,
    datacontenttype: "application/json",
    sequence: String(event.sequence).padStart(8, "0"),
    ...(record.traceparent !== null && { traceparent: record.traceparent }),
    data: redactDeep({
      requestId: record.requestId,
      kind: record.kind,
      source: record.source.name,
      state: event.state,
      previousState: stateBefore(record, event),
      message: texts.message,
      image: record.image,
      ...(event.region && { region: event.region }),
      outputs: record.outputs.map(({ kind, state, id }) => ({ kind, state, id })),
      error: texts.error,
    }),
  };
}

/** Only the last event of a failed request reports the error. */
function errorOf(record: RequestRecord, event: RequestEvent): RequestRecord["error"] {
  return event.sequence === record.events.length ? record.error : null;
}

/** The first details of an error, as far as there is room for them, in bytes. */
function fittingDetails(details: readonly ErrorDetail[], room: number): readonly ErrorDetail[] {
  let bytes = 0;
  return details.slice(0, MAX_DETAILS).filter((detail) => {
    bytes += bytesOf(detail) + 1;
    return bytes <= room;
  });
}

function bytesOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}
