import { describe, expect, it } from "vitest";
import { makeHttpHandler } from "../../../functions/http-handler.ts";
import { BadQueryError, RecordConflictError, SettingsError } from "../../../shared/errors.ts";
import { makeInvocation, makeRequest } from "./invocation.ts";

const common = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

/** What a handler answers that fails with the given value. */
async function failWith(thrown: unknown) {
  const { invocation, lines } = makeInvocation();
  const handler = makeHttpHandler(() => Promise.reject(thrown));
  return { response: await handler(makeRequest("status"), invocation), lines };
}

describe("makeHttpHandler", () => {
  it("answers what it is given, never to be cached", async () => {
    const { invocation } = makeInvocation();
    const handler = makeHttpHandler(async (request) => ({
      headers: { etag: '"1"' },
      jsonBody: { url: request.url },
    }));

    expect(await handler(makeRequest("health"), invocation)).toEqual({
      headers: { ...common, etag: '"1"' },
      jsonBody: { url: "http://127.0.0.1/api/health" },
    });
  });

  it("lets an answer set these headers itself", async () => {
    const { invocation } = makeInvocation();
    const handler = makeHttpHandler(async () => ({ headers: { "cache-control": "max-age=60" } }));

    expect(await handler(makeRequest("schema"), invocation)).toMatchObject({
      headers: { "cache-control": "max-age=60" },
    });
  });

  it("hands on a log that ends in the invocation's", async () => {
    const { invocation, lines } = makeInvocation();
    const handler = makeHttpHandler(async (_, log) => {
      log.info("seen");
      return {};
    });
    await handler(makeRequest("health"), invocation);

    expect(lines).toEqual([["information", '{"event":"seen"}']]);
  });

  it("answers 409 when others keep saving the record that is to be changed", async () => {
    const { response, lines } = await failWith(new RecordConflictError("saved by others"));

    expect(response).toMatchObject({
      status: 409,
      jsonBody: { detail: expect.stringContaining("Try again") },
    });
    expect(lines).toEqual([]);
  });

  it("answers 400 with the reason to a query that it cannot answer", async () => {
    const { response, lines } = await failWith(new BadQueryError("'limit' must be a number."));

    expect(response).toEqual({
      status: 400,
      headers: { ...common, "content-type": "application/problem+json" },
      jsonBody: {
        type: "about:blank",
        title: "Bad Request",
        status: 400,
        detail: "'limit' must be a number.",
      },
    });
    expect(lines).toEqual([]);
  });

  it.each([
    ["an error", new Error("AccountName=a;AccountKey=SECRET; at table 'imageRequests'")],
    ["an error without a stack", Object.assign(new Error("SECRET"), { stack: undefined })],
    ["anything else", "SECRET"],
  ])("answers 500 with a number to ask for, and nothing of %s", async (_, thrown) => {
    const { response, lines } = await failWith(thrown);

    expect(response).toMatchObject({ status: 500 });
    expect(JSON.stringify(response)).not.toMatch(/SECRET|imageRequests|\bat /);
    const correlationId = /search the log for ([0-9a-f-]{36})\./.exec(
      JSON.stringify(response),
    )?.[1];
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]?.[1] ?? "")).toMatchObject({
      event: "http.unexpected",
      correlationId,
      error: expect.any(String),
    });
  });
});

describe("settings that are wrong", () => {
  it("are a 503 that names them", async () => {
    const { response, lines } = await failWith(
      new SettingsError(["SETTLE_SECONDS must be a number"]),
    );

    expect(response).toMatchObject({
      status: 503,
      headers: { "content-type": "application/problem+json" },
      jsonBody: {
        detail:
          "The app's settings are invalid: SETTLE_SECONDS must be a number. GET /api/health lists them all.",
      },
    });
    expect(JSON.stringify(lines)).toContain("SETTLE_SECONDS must be a number");
  });
});
