import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describeError, HostStartError } from "../errors.ts";
import type { HostLog } from "../log.ts";
import { BodyTooLargeError, type HostAnswer, type HostRequest } from "./exchange.ts";

/** A listening HTTP server. */
export interface HostServer {
  /** `http://host:port`, without a slash at the end. */
  readonly url: string;
  /** Takes no further requests; settles when the open ones are answered. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly bodyLimitBytes: number;
  readonly answer: (request: HostRequest) => Promise<HostAnswer>;
  readonly log: HostLog;
}

/** Starts to listen. Throws HostStartError when the port cannot be had. */
export async function startServer(options: ServerOptions): Promise<HostServer> {
  const { host, port } = options;
  const server = createServer((request, response) => void serve(options, request, response));
  server.keepAliveTimeout = 120_000;
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(port, host, resolve);
  try {
    await listening;
  } catch (cause) {
    const reason = describeError(cause);
    throw new HostStartError(`Port ${port} on ${host} is not available: ${reason}`, { cause });
  }
  return { url: `http://${host}:${readPort(server)}`, stop: () => stopServer(server) };
}

function readPort(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Milliseconds that open requests get to be answered. */
const STOP_GRACE_MS = 5000;

async function stopServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cutOff = setTimeout(() => server.closeAllConnections(), STOP_GRACE_MS);
  await closed;
  clearTimeout(cutOff);
}

async function serve(
  options: ServerOptions,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let answer: HostAnswer;
  try {
    answer = await options.answer(toHostRequest(incoming, options.bodyLimitBytes));
  } catch (error) {
    answer = { status: error instanceof BodyTooLargeError ? 413 : 500 };
    options.log("error", "Host.Http", describeError(error));
  }
  send(response, answer);
}

function toHostRequest(incoming: IncomingMessage, bodyLimitBytes: number): HostRequest {
  const origin = `http://${incoming.headers.host ?? "localhost"}`;
  return {
    method: incoming.method ?? "GET",
    // A path that starts with two slashes must not be read as a host name.
    url: new URL(origin + (incoming.url ?? "/")),
    headers: incoming.headers,
    readBody: () => readBody(incoming, bodyLimitBytes),
  };
}

async function readBody(incoming: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > limitBytes) throw new BodyTooLargeError(`Body exceeds ${limitBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Answers that have no body by definition; Node refuses or garbles one. */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

function send(response: ServerResponse, { status, headers = {}, body }: HostAnswer): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) {
    response.setHeader(name, typeof value === "string" ? value : [...value]);
  }
  if (BODILESS.has(status)) response.end();
  else response.setHeader("content-length", Buffer.byteLength(body ?? "")).end(body ?? "");
}
