import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { AppAccess } from "../app/app-access.ts";
import { CommandError, connectionProblem } from "../command-error.ts";
import { judgeRequest } from "./guard.ts";
import { explainAnswer, explainSilence, TROUBLE_POLICY, writeTroublePage } from "./trouble-page.ts";

/** The board on this machine. */
export interface LocalBoard {
  /** Address for a browser. */
  readonly url: string;
  close(): Promise<void>;
}

export interface BoardOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Refuse whatever changes something. */
  readonly isReadOnly: boolean;
  readonly fetcher?: typeof fetch;
}

const HOST = "127.0.0.1";
const TIMEOUT_MS = 30_000;
/** Above the largest manifest. */
const MAX_BODY_BYTES = 1024 * 1024;
const REQUEST_HEADERS = ["accept", "content-type", "if-none-match", "x-requested-with"];
const ANSWER_HEADERS = [
  "cache-control",
  "content-security-policy",
  "content-type",
  "cross-origin-opener-policy",
  "etag",
  "location",
  "referrer-policy",
  "retry-after",
  "x-content-type-options",
];

/**
 * Serves the board of an app on this machine alone. The key is added on the way to the app: no browser
 * gets it, and no redirect carries it elsewhere.
 * @throws CommandError when the port is taken.
 */
export async function serveBoard(app: AppAccess, options: BoardOptions): Promise<LocalBoard> {
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    answer(app, { ...options, port }, request, response).catch(() => response.destroy());
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = TIMEOUT_MS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const problem =
        cause.code === "EADDRINUSE" ? "is in use" : `cannot be opened (${cause.code})`;
      const advice = "Leave out --port to take a free one.";
      reject(new CommandError("usage", `Port ${options.port} ${problem}. ${advice}`, { cause }));
    });
    server.listen(options.port, HOST, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${HOST}:${port}/api/board`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  app: AppAccess,
  options: BoardOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = "", url: target = "", headers } = request;
  const verdict = judgeRequest({ method, target, headers }, options);
  if (verdict.kind === "redirect") {
    response.writeHead(302, { location: "/api/board" }).end();
    return;
  }
  if (verdict.kind === "refuse") return sendProblem(response, verdict.status, verdict.detail);
  const body = method === "POST" ? await readBody(request) : undefined;
  if (body === null) return sendProblem(response, 413, "The body is larger than 1 MiB.");
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const fetcher = options.fetcher ?? fetch;
  const forwarded = await fetcher(`${app.url}${verdict.path}`, {
    method,
    headers: { ...pick(headers, REQUEST_HEADERS), "x-functions-key": app.key },
    redirect: "manual",
    signal: AbortSignal.any([gone.signal, AbortSignal.timeout(TIMEOUT_MS)]),
    ...(body !== undefined && { body }),
  }).catch((error: unknown) => {
    const { problem, steps } = explainSilence(app.url, connectionProblem(error));
    if (verdict.isPage) sendTrouble(response, app.url, problem, steps);
    else sendProblem(response, 502, problem);
    return null;
  });
  if (forwarded === null) return;
  const isPage = forwarded.headers.get("content-type")?.startsWith("text/html") === true;
  if (verdict.isPage && forwarded.status !== 304 && !(forwarded.ok && isPage)) {
    const { problem, steps } = explainAnswer(app.url, forwarded.status);
    await forwarded.body?.cancel();
    return sendTrouble(response, app.url, problem, steps);
  }
  if (!verdict.isPage && forwarded.status === 401) {
    await forwarded.body?.cancel();
    const detail =
      "The app refused the key. Set VHD_TO_IMAGE_KEY to a key of this app that opens this route, and start the board again.";
    return sendProblem(response, 403, detail);
  }
  response.writeHead(forwarded.status, {
    ...pick(Object.fromEntries(forwarded.headers), ANSWER_HEADERS),
    ...(options.isReadOnly && { "x-vhd-to-image-actions": "off" }),
  });
  if (forwarded.body === null) response.end();
  else await pipeline(Readable.fromWeb(forwarded.body as never), response);
}

function pick(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  names: readonly string[],
): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[name];
      return typeof value === "string" ? [[name, value]] : [];
    }),
  );
}

/** The body of a request; null when it is too large. */
async function readBody(request: IncomingMessage): Promise<Uint8Array<ArrayBuffer> | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function sendProblem(response: ServerResponse, status: number, detail: string): void {
  response.writeHead(status, {
    "content-type": "application/problem+json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(JSON.stringify({ type: "about:blank", status, detail }));
}

function sendTrouble(
  response: ServerResponse,
  url: string,
  problem: string,
  steps: readonly string[],
): void {
  response.writeHead(502, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": TROUBLE_POLICY,
    "x-content-type-options": "nosniff",
  });
  response.end(writeTroublePage(url, problem, steps));
}
