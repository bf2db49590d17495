import { type BlobTriggerMessage, quoteETag, toBlobType } from "../blob/message.ts";
import { type HostKeys, isSameKey } from "../keys.ts";
import { answerJson, type HostAnswer, type HostRequest, readKey } from "./exchange.ts";

/** The path that Event Grid subscriptions of blob triggers deliver to. */
export const BLOB_WEBHOOK_PATH = "/runtime/webhooks/blobs";

/** Takes over the message of an event; the answer is sent when it is on the internal queue. */
export type AcceptBlobEvent = (message: BlobTriggerMessage) => Promise<void>;

/**
 * Answers a delivery of Event Grid. Neither the event type nor the function's path is checked,
 * and an unknown function name is accepted, because the host is as lenient.
 */
export async function answerBlobWebhook(
  request: HostRequest,
  keys: HostKeys,
  accept: AcceptBlobEvent,
): Promise<HostAnswer> {
  const key = readKey(request);
  if (request.method !== "POST") return { status: 404 };
  if (!isSameKey(key, keys.blobsExtension) && !isSameKey(key, keys.master)) return { status: 401 };
  const functionId = request.url.searchParams.get("functionName");
  if (functionId === null || functionId === "") return { status: 404 };
  const events = parseEvents(await request.readBody());
  switch (String(request.headers["aeg-event-type"] ?? "").toLowerCase()) {
    case "subscriptionvalidation":
      return answerValidation(events);
    case "notification":
      return acceptAll(events, functionId, accept);
    case "unsubscribe":
      return { status: 202 };
    default:
      return { status: 400 };
  }
}

function answerValidation(events: readonly EventJson[] | undefined): HostAnswer {
  const code = events?.[0]?.data?.validationCode;
  return code === undefined ? { status: 400 } : answerJson(200, { validationResponse: code });
}

async function acceptAll(
  events: readonly EventJson[] | undefined,
  functionId: string,
  accept: AcceptBlobEvent,
): Promise<HostAnswer> {
  const messages = events?.map((event) => toMessage(event, functionId));
  if (messages === undefined) return { status: 400 };
  for (const message of messages) {
    if (message === undefined) return { status: 400 };
    await accept(message);
  }
  return { status: 202 };
}

interface EventJson {
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Only the URL, the ETag and the type of the blob are read from an event. */
function toMessage({ data }: EventJson, functionId: string): BlobTriggerMessage | undefined {
  const { url, eTag, blobType } = data ?? {};
  const location = typeof url === "string" ? parseBlobUrl(url) : undefined;
  if (location === undefined) return undefined;
  return {
    functionId,
    blobType: toBlobType(typeof blobType === "string" ? blobType : undefined),
    etag: quoteETag(typeof eTag === "string" ? eTag : ""),
    ...location,
  };
}

/** Splits the URL of a blob; an emulator has the account in the path, the service in the host. */
function parseBlobUrl(text: string): { containerName: string; blobName: string } | undefined {
  if (!URL.canParse(text)) return undefined;
  const { hostname, pathname } = new URL(text);
  const isPathStyle = /^[\d.]+$|^\[|^localhost$/.test(hostname);
  const segments = pathname.split("/").slice(isPathStyle ? 2 : 1);
  const [containerName, ...rest] = segments.map(decodeSegment);
  const blobName = rest.every((each) => each !== undefined) ? rest.join("/") : "";
  return containerName && blobName ? { containerName, blobName } : undefined;
}

function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

function parseEvents(body: Buffer): readonly EventJson[] | undefined {
  try {
    const json: unknown = JSON.parse(body.toString("utf8"));
    const events: unknown[] = Array.isArray(json) ? json : [json];
    return events.every(isEvent) ? events : undefined;
  } catch {
    return undefined;
  }
}

function isEvent(value: unknown): value is EventJson {
  if (typeof value !== "object" || value === null) return false;
  return !("data" in value) || typeof value.data === "object";
}
