import { randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { answerRequest, type Outcome } from "./answer-request.ts";
import type { ArmRequest, ArmResponse } from "./arm-http.ts";
import { controlPrefix, handleControl } from "./control.ts";
import { type ExchangeLog, noAnswer } from "./exchanges.ts";
import type { Service } from "./service.ts";
import { serviceHeaders } from "./service-headers.ts";

/** Resource Manager takes bodies of at most 4 MiB. */
const maxBodyLength = 4 * 2 ** 20;

/** What the listener hands requests to. */
export interface ListenerTarget {
  readonly service: Service;
  readonly exchanges: ExchangeLog;
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
  const request = await readRequest(incoming, target.service.baseUrl());
  const { pathname } = request.url;
  if (pathname === controlPrefix || pathname.startsWith(`${controlPrefix}/`)) {
    send(response, handleControl(target, request), {});
    return;
  }
  const outcome = await answerRequest(target.service, request, target.log);
  settle(target, request, response, outcome);
}

/** Sends the answer, or none; records the exchange first, so that who got it finds it recorded. */
function settle(
  { service, exchanges, log }: ListenerTarget,
  request: ArmRequest,
  response: ServerResponse,
  outcome: Outcome,
): void {
  const isAnswer = typeof outcome !== "string";
  log(`${request.method} ${request.url.pathname} ${isAnswer ? outcome.status : outcome}`);
  if (isAnswer) {
    const headers = {
      ...serviceHeaders(request, service.location, service.now()),
      ...outcome.headers,
    };
    exchanges.add(request, {
      status: outcome.status,
      responseHeaders: headers,
      responseBody: outcome.body ?? null,
    });
    send(response, outcome, headers);
    return;
  }
  exchanges.add(request, noAnswer);
  if (outcome === "drop") {
    response.destroy();
  }
}

async function readRequest(incoming: IncomingMessage, baseUrl: string): Promise<ArmRequest> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBodyLength) {
      throw new RangeError(`the request body is longer than ${maxBodyLength} bytes`);
    }
    chunks.push(chunk);
  }
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: incoming.method ?? "GET",
    url: new URL(`${baseUrl}${incoming.url ?? "/"}`),
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks).toString("utf8"),
    requestId: randomUUID(),
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
