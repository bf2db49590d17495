import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { isEnd, type Status } from "../../board/model/status.ts";
import { type BuiltBoard, buildBoard } from "../../scripts/build-board.ts";
import { etagOfBody, isKnownEtag } from "../../shared/http/etag.ts";

/** A request that the fake was sent. */
export interface Received {
  readonly method: string;
  /** With the query. */
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  readonly status: number;
}

/** The API of an app with statuses in memory, and the page as the app serves it. */
export interface FakeApp {
  /** Address of the page. */
  readonly url: string;
  statuses: Status[];
  /** The key it wants; null: none. */
  key: string | null;
  /** The answer to everything but the page, while it is set. */
  fault: { readonly status: number; readonly detail: string } | null;
  health: unknown;
  /** Answer to `GET /api/queue`. */
  queue: unknown;
  /** Answer to `POST /api/plan`; null: as an app that cannot plan. */
  plan: { readonly status: number; readonly body: unknown } | null;
  readonly received: Received[];
  close(): Promise<void>;
}

const QUEUE = {
  approximateMessageCount: 1,
  messages: [
    {
      id: "bbbbbbbbbbbbbbbbbbbb-2",
      type: "io.github.vhd-to-image.request.state-changed",
      time: "2026-11-26T10:29:00Z",
      subject: "web.json",
      data: { requestId: "bbbbbbbbbbbbbbbbbbbb", source: "web.json", state: "waiting" },
    },
  ],
};

let board: Promise<BuiltBoard> | null = null;

/** Starts a fake app on a free port of this machine. */
export async function startFakeApp(statuses: readonly Status[]): Promise<FakeApp> {
  board ??= buildBoard();
  const { html, contentSecurityPolicy } = await board;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      const url = new URL(request.url ?? "/", "http://localhost");
      if (url.pathname === "/api/board") {
        const headers = { "content-type": "text/html; charset=utf-8" };
        response.writeHead(200, { ...headers, "content-security-policy": contentSecurityPolicy });
        response.end(html);
      } else {
        const { status, document, headers } = answer(app, request.headers, url, body);
        response.writeHead(status, { "content-type": "application/json", ...headers });
        response.end(document === undefined ? "" : JSON.stringify(document));
      }
      const { method = "", headers } = request;
      app.received.push({
        method,
        url: request.url ?? "",
        headers,
        body,
        status: response.statusCode,
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const app: FakeApp = {
    url: `http://127.0.0.1:${port}/api/board`,
    statuses: [...statuses],
    key: null,
    fault: null,
    health: { status: "healthy", dependencies: [{ name: "storage", status: "ok" }] },
    queue: QUEUE,
    plan: null,
    received: [],
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return app;
}

interface Reply {
  readonly status: number;
  /** Left out of a 304 and a 401. */
  readonly document?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

function answer(app: FakeApp, headers: IncomingMessage["headers"], url: URL, body: string): Reply {
  if (url.pathname === "/api/health") return { status: 200, document: app.health };
  if (app.fault !== null) {
    return { status: app.fault.status, document: { detail: app.fault.detail } };
  }
  if (app.key !== null && headers["x-functions-key"] !== app.key) return { status: 401 };
  const tagged = (document: unknown, retryAfter: string | null): Reply => {
    const etag = etagOfBody(document);
    const isKnown = isKnownEtag(etag, headers["if-none-match"] ?? null);
    const own = { etag, ...(retryAfter !== null && { "retry-after": retryAfter }) };
    return isKnown ? { status: 304, headers: own } : { status: 200, document, headers: own };
  };
  const [, , place, id, action] = url.pathname.split("/");
  if (place === "plan" && app.plan !== null) {
    return { status: app.plan.status, document: app.plan.body };
  }
  if (place === "queue") return { status: 200, document: app.queue };
  if (place !== "status") return { status: 404, document: { detail: "not found" } };
  if (id === undefined) return tagged(listPage(app.statuses, url.searchParams), "2");
  const status = app.statuses.find(({ requestId }) => requestId === id);
  if (status === undefined) return { status: 404, document: { detail: "No request has this id." } };
  if (action === undefined) return tagged(status, isEnd(status.state) ? null : "2");
  if (headers["x-requested-with"] === undefined || body !== "{}") {
    return { status: 403, document: { detail: "Send the header 'x-requested-with'." } };
  }
  const [code, document] = act(app, status, action);
  return { status: code, document };
}

function act(app: FakeApp, status: Status, action: string): [number, unknown] {
  const replace = (next: Status): void => {
    app.statuses = app.statuses.map((each) => (each.requestId === next.requestId ? next : each));
  };
  const at = new Date(Date.parse(status.updatedAt) + 1000).toISOString();
  if (action === "cancel") {
    if (isEnd(status.state)) return [409, { detail: "The request has ended already." }];
    const events = [...status.events, { at, state: "canceled", message: "canceled by a user" }];
    const canceled = { ...status, state: "canceled", updatedAt: at, completedAt: at, events };
    replace(canceled);
    return [200, canceled];
  }
  const requestId = "zzzzzzzzzzzzzzzzzzzz";
  const retry: Status = {
    ...status,
    requestId,
    state: "received",
    error: null,
    retryOf: status.requestId,
    createdAt: at,
    updatedAt: at,
    completedAt: null,
    events: [{ at, state: "received", message: "retried by a user" }],
  };
  replace({ ...status, retriedBy: requestId, updatedAt: at });
  app.statuses = [retry, ...app.statuses];
  return [202, retry];
}

function listPage(statuses: readonly Status[], query: URLSearchParams) {
  const [state, source, image] = ["state", "source", "image"].map((name) => query.get(name));
  const found = statuses.filter(
    (status) =>
      (!state || status.state === state) &&
      (!source || status.source === source) &&
      (!image || status.image?.name === image),
  );
  const start = Number(query.get("cursor") ?? 0);
  const end = start + Number(query.get("limit") ?? 25);
  return { items: found.slice(start, end), nextCursor: end < found.length ? String(end) : null };
}
