import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export const KEY = "the-key";
export const ID = "abcdefghij2345672345";

/** A request that the app got. */
export interface AppCall {
  readonly method: string;
  /** Path and query, below `/api/`. */
  readonly path: string;
  readonly contentType: string | undefined;
  readonly body: string;
}

/** An app on loopback that answers as a test says. */
export interface ScriptedApp {
  readonly url: string;
  readonly calls: AppCall[];
  /** Answers by method and path without the query: `POST plan`; 404 without a body for all others. */
  answers: Record<string, { readonly status?: number; readonly body?: unknown }>;
  close(): void;
}

/** Starts the app; it takes one key. */
export async function startScriptedApp(): Promise<ScriptedApp> {
  const calls: AppCall[] = [];
  const app = { url: "", calls, answers: {} as ScriptedApp["answers"], close: () => {} };
  const server = createServer(async (request, response) => {
    const path = (request.url ?? "").replace(/^\/api\//, "");
    const { method = "" } = request;
    const contentType = request.headers["content-type"];
    calls.push({ method, path, contentType, body: await text(request) });
    const isKnown = request.headers["x-functions-key"] === KEY;
    const answer = app.answers[`${method} ${path.split("?")[0]}`];
    const { status = 200, body } = isKnown ? (answer ?? { status: 404 }) : { status: 401 };
    response.writeHead(status, { "content-type": "application/json" });
    response.end(body === undefined ? "" : JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  app.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  app.close = () => void server.close();
  return app;
}

/** A status of the request {@link ID}. */
export const statusOf = (state: string, more: object = {}) => ({
  requestId: ID,
  state,
  kind: "manifest",
  source: "web.json",
  image: { name: "web", id: null },
  outputs: [],
  disks: [],
  warnings: [],
  error: null,
  retrying: null,
  updatedAt: "2026-01-01T00:00:00.000Z",
  events: [],
  ...more,
});
