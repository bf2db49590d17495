/** A message of the status queue, as far as the page shows it. */
export interface QueueMessage {
  readonly id: string;
  /** When it was published. */
  readonly time: string;
  /** What it reports, in words. */
  readonly kind: string;
  readonly source: string;
  /** Null where it is not the id of a request. */
  readonly requestId: string | null;
  readonly state: string;
  readonly message: string;
}

/** The head of the status queue. */
export interface QueueHead {
  /** Messages in the whole queue, as storage estimates it. */
  readonly count: number;
  readonly messages: readonly QueueMessage[];
}

/** The app peeks at no more. */
const MAX_MESSAGES = 32;
const REQUEST_ID = /^[a-z2-7]{20}$/;
/** By the end of a message's type. */
const KINDS: Readonly<Record<string, string>> = {
  "request.state-changed": "state changed",
  "output.region-changed": "region changed",
};

/**
 * The head of the queue from an answer; null when it is something else. A message that is not one of the
 * app's is shown with what it has.
 */
export function readQueue(body: unknown): QueueHead | null {
  if (!isObject(body) || !Array.isArray(body.messages)) return null;
  const count = Number(body.approximateMessageCount);
  const messages = body.messages.slice(0, MAX_MESSAGES).map(readMessage);
  return { messages, count: Math.max(Number.isFinite(count) ? count : 0, messages.length) };
}

function readMessage(value: unknown, index: number): QueueMessage {
  const event = isObject(value) ? value : {};
  const data = isObject(event.data) ? event.data : {};
  const requestId = textOf(data.requestId);
  return {
    id: `${index} ${textOf(event.id)}`,
    time: textOf(event.time),
    kind: kindOf(textOf(event.type)),
    source: textOf(data.source) || textOf(event.subject) || "no upload",
    requestId: REQUEST_ID.test(requestId) ? requestId : null,
    state: textOf(data.state) || "unknown",
    message: textOf(data.message),
  };
}

function kindOf(type: string): string {
  const known = Object.entries(KINDS).find(([end]) => type.endsWith(`.${end}`));
  return known?.[1] ?? (type || "not a message of the app");
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
