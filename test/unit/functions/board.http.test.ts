import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { makeHandler } from "../../../functions/board.http.ts";
import { type BuiltBoard, buildBoard } from "../../../scripts/build-board.ts";
import { createFakeLog } from "../../fakes/log.ts";
import { makeRequest } from "./invocation.ts";

const BUDGET_BYTES = 20 * 1024;

let built: BuiltBoard;
beforeAll(async () => {
  built = await buildBoard();
});

const answer = (headers: Record<string, string> = {}) =>
  makeHandler(built)(makeRequest("board", { headers }), createFakeLog());

describe("GET /api/board", () => {
  it("gives the page with a policy under which nothing else runs", async () => {
    expect(await answer()).toEqual({
      headers: {
        etag: expect.stringMatching(/^"[a-z2-7]{26}"$/),
        "cache-control": "no-cache",
        "content-security-policy": built.contentSecurityPolicy,
        "content-type": "text/html; charset=utf-8",
        "cross-origin-opener-policy": "same-origin",
        "referrer-policy": "no-referrer",
      },
      body: built.html,
    });
  });

  it("answers 304 to a browser that has it", async () => {
    const { headers } = (await answer()) as { headers: { etag: string } };
    expect(await answer({ "if-none-match": headers.etag })).toMatchObject({ status: 304 });
  });
});

describe("the page", () => {
  it(`has at most ${BUDGET_BYTES} bytes, compressed`, () => {
    expect(gzipSync(built.html).length).toBeLessThanOrEqual(BUDGET_BYTES);
  });

  it("has one script and one style, whose hashes are those of the policy", () => {
    const hash = (text = "") => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
    const contents = (tag: string) =>
      [...built.html.matchAll(new RegExp(`<${tag}[^>]*>([\\s\\S]*?)</${tag}>`, "g"))].map(
        ([, content]) => content,
      );
    const [scripts, styles] = [contents("script"), contents("style")];
    expect([scripts.length, styles.length]).toEqual([1, 1]);
    expect(built.contentSecurityPolicy).toContain(`script-src ${hash(scripts[0])};`);
    expect(built.contentSecurityPolicy).toContain(`style-src ${hash(styles[0])};`);
    expect(built.contentSecurityPolicy).not.toContain("unsafe");
  });

  it("loads nothing: no address of another server, no handler in an attribute", () => {
    const markup = built.html.replace(/<script>[\s\S]*<\/script>/, "");
    expect(markup).not.toMatch(/\b(?:src|on\w+)=/);
    expect(markup.match(/href="([^"]*)"/g)).toEqual(['href="data:,"']);
    expect(built.html).not.toMatch(/@import|url\(/);
  });

  it("has a language, a title and a word for browsers without JavaScript", () => {
    expect(built.html).toMatch(/<html lang="en">[\s\S]*<title>.+<\/title>[\s\S]*<noscript>/);
  });
});
