import { describe, expect, it } from "vitest";
import { readArmError, readRetryAfter } from "../../../../../shared/azure/arm/arm-error.ts";
import { at, NOW } from "../../../../factories.ts";

/** The parts of the error in an answer 400 with this body. */
function read(body: unknown) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return readArmError({ status: 400, headers: {}, body: text }).parts;
}

describe("readArmError", () => {
  it("reads a plain error", () => {
    const error = { code: "InvalidParameter", message: "The blob is none.", target: "disks" };

    expect(read({ error })).toEqual({
      status: 400,
      code: "InvalidParameter",
      message: "The blob is none.",
      target: "disks",
      details: [],
      retryAfterSeconds: null,
    });
    expect(read(error)).toEqual(read({ error }));
  });

  it("takes code and message from the innermost detail, and keeps the way there", () => {
    const error = {
      code: "BadRequest",
      message: "Multiple errors occurred.",
      target: "image",
      details: [
        {
          code: "InvalidTemplate",
          message: "…",
          details: [{ code: "VHDSizeInvalid", message: "The size must be whole." }],
        },
        { code: "Other", message: "not followed" },
      ],
    };

    expect(read({ error })).toMatchObject({
      code: "VHDSizeInvalid",
      message: "The size must be whole.",
      target: "image",
      details: [
        { code: "BadRequest", message: "Multiple errors occurred.", target: "image" },
        { code: "InvalidTemplate", message: "…", target: null },
        { code: "VHDSizeInvalid", message: "The size must be whole.", target: null },
      ],
    });
  });

  it("follows innererror too", () => {
    const innererror = { code: "TooManyRequests", message: "slow down" };

    expect(
      read({ error: { code: "OperationNotAllowed", message: "…", innererror } }),
    ).toMatchObject({
      code: "TooManyRequests",
      details: [{ code: "OperationNotAllowed" }, { code: "TooManyRequests" }],
    });
  });

  it("takes the innermost target that is named", () => {
    const details = [{ code: "B", message: "b", target: "disk.blobUri" }];

    expect(read({ error: { code: "A", message: "a", target: "image", details } }).target).toBe(
      "disk.blobUri",
    );
  });

  it("reads a message that is itself an error in JSON", () => {
    const inner = { error: { code: "ImageBlobNotFound", message: "There is no blob." } };
    const middle = { code: "Failed", message: JSON.stringify(inner) };
    const error = { code: "DeploymentFailed", message: JSON.stringify(middle) };

    expect(read({ error })).toMatchObject({
      code: "ImageBlobNotFound",
      message: "There is no blob.",
      details: [
        { code: "DeploymentFailed", message: "DeploymentFailed" },
        { code: "Failed", message: "Failed" },
        { code: "ImageBlobNotFound" },
      ],
    });
  });

  it("leaves a message alone that only looks like JSON", () => {
    expect(read({ error: { code: "A", message: "{0} is wrong" } }).message).toBe("{0} is wrong");
    expect(read({ error: { code: "A", message: '{"hint": 1}' } }).message).toBe('{"hint": 1}');
  });

  it("shows the words of a throttle, whose innermost message is its figures in JSON", () => {
    const figures = '{"operationGroup":"HighCostGet3Min","allowedRequestCount":100}';
    const details = [{ code: "TooManyRequests", target: "HighCostGet3Min", message: figures }];
    const message = "The server rejected the request because too many have been received.";

    expect(read({ error: { code: "OperationNotAllowed", message, details } })).toMatchObject({
      code: "TooManyRequests",
      message,
      target: "HighCostGet3Min",
    });
  });

  it("takes an error with a code or a message alone", () => {
    expect(read({ error: { code: "Gone" } })).toMatchObject({
      code: "Gone",
      message: "Azure gave an error code without a message",
    });
    expect(read({ error: { message: "what?" } })).toMatchObject({
      code: "Unknown",
      message: "what?",
    });
    expect(read({ error: { message: JSON.stringify({ code: "Inner" }) } })).toMatchObject({
      code: "Inner",
      details: [{ code: "Unknown", message: "" }, { code: "Inner" }],
    });
  });

  it.each([
    ["nothing", null],
    ["an empty body", ""],
    ["a page of HTML", "<html>502</html>"],
    ["broken JSON", '{"error":'],
    ["an error that is a text", '{"error":"access_denied"}'],
    ["an empty error", '{"error":{}}'],
    ["other JSON", '{"value":[]}'],
    ["an array", "[]"],
  ])("names the status when the answer has no error of its own: %s", (_, body) => {
    const error = readArmError({ status: 502, headers: {}, body });

    expect(error.parts).toEqual({
      status: 502,
      code: "Http502",
      message: "Azure answered with status 502 and no error details",
      target: null,
      details: [],
      retryAfterSeconds: null,
    });
  });

  it("ends with errors nested without end", () => {
    let error: object = { code: "Innermost", message: "…" };
    for (let depth = 0; depth < 50; depth++)
      error = { code: `E${depth}`, message: "…", details: [error] };

    expect(read({ error }).details).toHaveLength(9);
  });

  it("shows no secret and no message without end", () => {
    const message = `cannot read https://a/c/b.vhd?sig=SECRET&x ${"x".repeat(5_000)}`;
    const { message: shown } = read({ error: { code: "A", message } });

    expect(shown).not.toContain("SECRET");
    expect(shown.length).toBeLessThan(2_100);
  });

  it("keeps status, Retry-After and cause", () => {
    const cause = new Error("why");
    const headers = { "retry-after": "17" };
    const error = readArmError({ status: 429, headers, body: null }, { cause });

    expect(error).toMatchObject({ cause, parts: { status: 429, retryAfterSeconds: 17 } });
  });
});

describe("readRetryAfter", () => {
  it.each([
    ["nothing", {}, null],
    ["seconds", { "retry-after": "120" }, 120],
    ["a date", { "retry-after": at(90).toUTCString() }, 90],
    ["a date that has passed", { "retry-after": at(-90).toUTCString() }, 0],
    ["nonsense", { "retry-after": "soon" }, null],
    ["milliseconds", { "retry-after-ms": "1500", "retry-after": "9" }, 1.5],
    ["milliseconds of the service", { "x-ms-retry-after-ms": "250" }, 0.25],
    ["milliseconds that are none", { "retry-after-ms": "soon", "retry-after": "9" }, 9],
  ])("reads %s", (_, headers, seconds) => {
    expect(readRetryAfter(headers, NOW)).toBe(seconds);
  });

  it("measures a date against now", () => {
    const date = new Date(Date.now() + 3_600_000).toUTCString();
    const seconds = readRetryAfter({ "retry-after": date });

    expect(seconds).toBeGreaterThan(3_500);
    expect(seconds).toBeLessThanOrEqual(3_600);
  });
});
