import { type RequestEvent, type RequestRecord, stateBefore } from "./request/record.ts";

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
  readonly data: unknown;
}

/** Type of every event on the status queue. */
export const STATE_CHANGED = "vhd-to-image.request.state-changed";

/** A queue message holds 64 KiB after base64; this leaves room for the envelope. */
const MAX_DETAILS = 20;

/**
 * The status-queue message of one state change. The id depends on the request and the sequence number
 * alone, so that a repeated message can be recognised.
 */
export function toCloudEvent(record: RequestRecord, event: RequestEvent): CloudEvent {
  return {
    specversion: "1.0",
    id: `${record.requestId}-${event.sequence}`,
    source: `/vhd-to-image/${record.source.container}`,
    type: STATE_CHANGED,
    subject: record.source.name,
    time: event.at,
    datacontenttype: "application/json",
    sequence: String(event.sequence).padStart(8, "0"),
    data: {
      requestId: record.requestId,
      kind: record.kind,
      source: record.source.name,
      state: event.state,
      previousState: stateBefore(record, event),
      message: event.message,
      image: record.image,
      error: errorOf(record, event),
    },
  };
}

/** Only the last event of a failed request tells of the error; details are cut to fit a message. */
function errorOf(record: RequestRecord, event: RequestEvent): RequestRecord["error"] {
  if (record.error === null || event.sequence !== record.events.length) return null;
  return { ...record.error, details: record.error.details.slice(0, MAX_DETAILS) };
}
