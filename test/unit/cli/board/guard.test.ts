import { describe, expect, it } from "vitest";
import { judgeRequest } from "../../../../cli/board/guard.ts";
import { writeTroublePage } from "../../../../cli/board/trouble-page.ts";

const ID = "k3vk3vk3vk3vk3vk3vk3";
const OPTIONS = { port: 8080, isReadOnly: false };
const own = { host: "127.0.0.1:8080" };
const acting = { ...own, "x-requested-with": "board", origin: "http://127.0.0.1:8080" };

const judge = (method: string, target: string, headers: Record<string, string> = own) =>
  judgeRequest({ method, target, headers }, OPTIONS);
const statusOf = (verdict: ReturnType<typeof judgeRequest>) =>
  verdict.kind === "refuse" ? verdict.status : verdict.kind;

describe("the board on this machine passes on", () => {
  it.each([
    ["GET", "/api/board"],
    ["GET", "/api/health"],
    ["GET", "/api/status"],
    ["GET", "/api/queue"],
    ["GET", `/api/status/${ID}`],
  ])("%s %s", (method, target) => {
    expect(judge(method, target)).toMatchObject({ kind: "forward", path: target });
  });

  it.each([`/api/status/${ID}/cancel`, `/api/status/${ID}/retry`, "/api/plan"])(
    "POST %s",
    (path) => {
      expect(judge("POST", path, acting)).toMatchObject({ kind: "forward", path });
    },
  );

  it("the query of a request", () => {
    const target = "/api/status?source=a%2Fb.vhd&limit=100";
    expect(judge("GET", target)).toMatchObject({ kind: "forward", path: target });
  });

  it("requests under the name localhost, in any case", () => {
    expect(statusOf(judge("GET", "/api/status", { host: "LOCALHOST:8080" }))).toBe("forward");
  });
});

describe("the board on this machine refuses", () => {
  it.each([
    "evil.example",
    "evil.example:8080",
    "127.0.0.1",
    "127.0.0.1:9",
    "127.0.0.1:8080.evil.example",
    "",
  ])("the host %j, which leads here by DNS rebinding", (host) => {
    for (const target of ["/", "/api/board", "/api/status"]) {
      expect(statusOf(judge("GET", target, { host }))).toBe(403);
    }
  });

  it.each([
    ["another origin", { ...acting, origin: "https://evil.example" }],
    ["no origin that has a name", { ...acting, origin: "null" }],
    ["another port of this machine", { ...acting, origin: "http://127.0.0.1:9999" }],
    ["another site, as the browser says", { ...acting, "sec-fetch-site": "cross-site" }],
    ["a form, which has no header of its own", own],
  ])("an action from %s", (_, headers) => {
    expect(statusOf(judge("POST", `/api/status/${ID}/cancel`, headers))).toBe(403);
  });

  it("to read for another site, but opens the page from a link", () => {
    const headers = { ...own, "sec-fetch-site": "cross-site" };
    expect(statusOf(judge("GET", "/api/status", headers))).toBe(403);
    expect(statusOf(judge("GET", "/api/board", headers))).toBe("forward");
  });

  it.each([
    "/admin/host/status",
    "/api/queue/1",
    "/api/status/../../admin/x",
    `/api/status/${ID}/`,
    "//evil.example/api/status",
    "http://evil.example/api/status",
    "/api/status%2f..",
    "*",
  ])("%s, which the page does not use", (target) => {
    expect(statusOf(judge("GET", target))).toBe(404);
  });

  it("other methods, and every action when it is read-only", () => {
    expect(statusOf(judge("DELETE", `/api/status/${ID}`))).toBe(405);
    expect(statusOf(judge("GET", "/api/plan"))).toBe(405);
    const request = { method: "POST", target: "/api/plan", headers: acting };
    expect(judgeRequest(request, { ...OPTIONS, isReadOnly: true })).toMatchObject({ status: 403 });
  });
});

it("the root leads to the page", () => {
  expect(judge("GET", "/")).toEqual({ kind: "redirect" });
});

it("the page about a connection that fails escapes what it names", () => {
  const page = writeTroublePage("https://a/<script>", 'x "<b>"', ["<img>"]);
  expect(page).toContain("&lt;script&gt;");
  expect(page).toContain("x &quot;&lt;b&gt;&quot;");
  expect(page).not.toMatch(/<(?:script|b|img)>/);
});
