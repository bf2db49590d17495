import { randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { CONTROL_PREFIX, handleControl } from "../control/control.ts";
import { type ExchangeLog, NO_ANSWER } from "../control/exchanges.ts";
import type { Service } from "../service.ts";
import { answerRequest, type Outcome } from "./answer-request.ts";
import type { ArmRequest, ArmResponse } from "./arm-http.ts";
import { serviceHeaders } from "./service-headers.ts";

/** Resource Manager takes bodies of at most 4 MiB. */
const MAX_BODY_BYTES = 4 * 2 ** 20;

/** What the listener hands requests to. */
export interface ListenerTarget {
  readonly service: Service;
  readonly exchanges: ExchangeLog;
  /** Keeps what the request has changed; called before its answer is sent. */
  readonly save: () => void;
  readonly log: (line: string) => void;
}

/** Returns the listener of the simulator's https server: control routes and simulated service. */
export function createListener(target: ListenerTarget): RequestListener {
  return (incoming, response) => {
    handle(target, incoming, response).catch((error: unknown) => {
      target.log(`${incoming.method} request failed: ${String(error)}`);
      response.destroy();
    });
  };
}

async function handle(
  target: ListenerTarget,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const request = await readRequest(incoming, target.service);
  const { pathname } = request.url;
  if (pathname === CONTROL_PREFIX || pathname.startsWith(`${CONTROL_PREFIX}/`)) {
    const answer = handleControl(target, request);
    target.save();
    send(response, answer, {});
    return;
  }
  const outcome = await answerRequest(target.service, request, target.log);
  target.save();
  settle(target, request, response, outcome);
}

/** Sends the answer, or none; records the exchange first, so that who got it finds it recorded. */
function settle(
  { service, exchanges, log }: ListenerTarget,
  request: ArmRequest,
  response: ServerResponse,
  outcome: Outcome,
): void {
  const isAnswer = outcome !== "drop" && !("silentSeconds" in outcome);
  log(`${request.method} ${request.url.pathname} ${isAnswer ? outcome.status : "no answer"}`);
  const startedOperation = service.store.operations.has(request.requestId);
  if (isAnswer) {
    const headers = {
      ...serviceHeaders(request, service.location, service.now()),
      ...outcome.headers,
    };
    exchanges.add(request, {
      status: outcome.status,
      responseHeaders: headers,
      responseBody: outcome.body ?? null,
      startedOperation,
    });
    send(response, outcome, headers);
    return;
  }
  exchanges.add(request, { ...NO_ANSWER, startedOperation });
  if (outcome === "drop") {
    response.destroy();
  } else if (outcome.silentSeconds !== undefined) {
    setTimeout(() => response.destroy(), outcome.silentSeconds * 1000).unref();
  }
}

async function readRequest(
  incoming: IncomingMessage,
  { baseUrl, now }: Service,
): Promise<ArmRequest> {
  const receivedAt = now();
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) {
      throw new RangeError(`the request body is longer than ${MAX_BODY_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: incoming.method ?? "GET",
    url: new URL(`${baseUrl()}${incoming.url ?? "/"}`),
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks).toString("utf8"),
    requestId: randomUUID(),
    receivedAt,
  };
}

function send(
  response: ServerResponse,
  { status, body }: ArmResponse,
  headers: Readonly<Record<string, string>>,
): void {
  if (body === undefined) {
    response.writeHead(status, headers).end();
    return;
  }
  response
    .writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers })
    .end(JSON.stringify(body));
}
