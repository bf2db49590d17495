import type { ErrorDetail } from "./errors.ts";
import { type RequestEvent, type RequestRecord, stateBefore } from "./record/record.ts";
import { redact, redactDeep } from "./redact.ts";

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

/** Type of every event on the status queue. */
export const STATE_CHANGED = "vhd-to-image.request.state-changed";

/** A queue message holds 64 KiB after base64. */
const MAX_BYTES = 48 * 1024 - 256;
const MAX_DETAILS = 20;

/**
 * The status-queue message of one state change. The id depends on the request and the sequence number
 * alone, so that a repeated message can be recognised.
 */
export function toCloudEvent(record: RequestRecord, event: RequestEvent): CloudEvent {
  const error = errorOf(record, event);
  const complete = (details: readonly ErrorDetail[]): CloudEvent => ({
    specversion: "1.0",
    id: `${record.requestId}-${event.sequence}`,
    source: `/vhd-to-image/${record.source.container}`,
    type: STATE_CHANGED,
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
      message: event.message,
      image: record.image,
      outputs: record.outputs.map(({ kind, state, id }) => ({ kind, state, id })),
      error: error && { ...error, details },
    }),
  });
  return complete(fittingDetails(error?.details ?? [], MAX_BYTES - bytesOf(complete([]))));
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
