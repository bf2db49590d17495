import { createServer, type IncomingMessage, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openBrowser } from "../../../cli/board/open-browser.ts";
import { type LocalBoard, serveBoard } from "../../../cli/board/serve-board.ts";

let seen: { url: string; headers: IncomingMessage["headers"]; body: string }[] = [];
let respond: { status: number; headers: Record<string, string>; body: string };
let board: LocalBoard;
let close: () => void;
let url = "";

beforeEach(async () => {
  seen = [];
  respond = {
    status: 200,
    headers: { "content-type": "text/html; charset=utf-8", etag: '"1"' },
    body: "<p>page",
  };
  const app = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      seen.push({ url: request.url ?? "", headers: request.headers, body });
      response.writeHead(respond.status, { ...respond.headers, "set-cookie": "a=b" });
      response.end(respond.body);
    });
  });
  await new Promise<void>((resolve) => app.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
  close = () => {
    app.closeAllConnections();
    app.close();
  };
  board = await serveBoard({ url, key: "secret-key" }, { port: 0, isReadOnly: false });
});
afterEach(async () => {
  await board.close();
  close();
});

const at = (path: string) => new URL(path, board.url);

describe("the board on this machine", () => {
  it("serves the page of the app with its policy, and adds the key on the way", async () => {
    respond.headers["content-security-policy"] = "default-src 'none'";
    const answer = await fetch(board.url, {
      headers: { cookie: "c=d", "x-functions-key": "mine" },
    });
    expect(await answer.text()).toBe("<p>page");
    expect(answer.headers.get("content-security-policy")).toBe("default-src 'none'");
    expect(answer.headers.get("set-cookie")).toBeNull();
    expect(seen[0]).toMatchObject({
      url: "/api/board",
      headers: { "x-functions-key": "secret-key" },
    });
    expect(seen[0]?.headers.cookie).toBeUndefined();
  });

  it("passes ETag and Retry-After on, both ways", async () => {
    respond = { status: 304, headers: { etag: '"7"', "retry-after": "9" }, body: "" };
    const answer = await fetch(at("/api/status?limit=1"), { headers: { "if-none-match": '"7"' } });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([304, "9"]);
    expect(seen[0]).toMatchObject({
      url: "/api/status?limit=1",
      headers: { "if-none-match": '"7"' },
    });
  });

  it("passes the body of an action on, up to 1 MiB", async () => {
    respond.headers = { "content-type": "application/json" };
    const headers = { "content-type": "application/json", "x-requested-with": "test" };
    const post = (body: string) => fetch(at("/api/plan"), { method: "POST", headers, body });
    expect((await post('{"a":1}')).status).toBe(200);
    expect(seen[0]?.body).toBe('{"a":1}');
    expect((await post("x".repeat(1024 * 1024 + 1))).status).toBe(413);
    expect(seen).toHaveLength(1);
  });

  it("answers another host with 403, and sends nothing to the app", async () => {
    const status = await new Promise((resolve) => {
      const call = send(board.url, { headers: { host: "evil.example" } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      call.end();
    });
    expect(status).toBe(403);
    expect(seen).toEqual([]);
  });

  it("follows no redirect, which could carry the key elsewhere", async () => {
    respond = { status: 302, headers: { location: "https://evil.example/" }, body: "" };
    expect((await fetch(at("/api/status"), { redirect: "manual" })).status).toBe(302);
    expect(seen).toHaveLength(1);
  });

  it("says that a read-only board offers no actions", async () => {
    await board.close();
    board = await serveBoard({ url, key: "k" }, { port: 0, isReadOnly: true });
    respond.headers = { "content-type": "application/json" };
    const answer = await fetch(at("/api/status"));
    expect(answer.headers.get("x-vhd-to-image-actions")).toBe("off");
  });

  it("explains a refused key with what to do, not with the form of a page that has none", async () => {
    respond = { status: 401, headers: {}, body: "" };
    const answer = await fetch(at("/api/status"));
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("VHD_TO_IMAGE_KEY");
  });

  it.each([
    [404, "a version without a board"],
    [403, "does not let this machine in"],
    [503, "Try again in a minute"],
  ])("explains on a page that the app answers %d", async (status, text) => {
    respond = { status, headers: {}, body: "" };
    const answer = await fetch(board.url);
    expect(answer.status).toBe(502);
    expect(answer.headers.get("content-type")).toMatch(/^text\/html/);
    expect(await answer.text()).toContain(text);
  });

  it("explains on a page that the app cannot be reached, and as JSON to the page's script", async () => {
    close();
    const page = await (await fetch(board.url)).text();
    expect(page).toContain(`${url} cannot be reached: ECONNREFUSED.`);
    expect(page).not.toContain("secret-key");
    const answer = await fetch(at("/api/status"));
    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject({ detail: expect.stringContaining("ECONNREFUSED") });
  });

  it("names a port that is in use", async () => {
    const port = Number(new URL(board.url).port);
    await expect(serveBoard({ url, key: "k" }, { port, isReadOnly: false })).rejects.toThrow(
      `Port ${port} is in use. Leave out --port to take a free one.`,
    );
  });
});

it("a browser that is not installed does not fail the command", async () => {
  const before = process.env.PATH;
  process.env.PATH = "/nonexistent";
  try {
    expect(await openBrowser("http://127.0.0.1:1/", "linux")).toBe(false);
  } finally {
    process.env.PATH = before;
  }
});
