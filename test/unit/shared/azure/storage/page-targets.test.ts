import { describe, expect, it } from "vitest";
import { createPageTargets } from "../../../../../shared/azure/storage/page-targets.ts";
import { PageCallError, type PageTargets } from "../../../../../shared/page-targets.ts";
import { type Answer, createScriptedService } from "./scripted-service.ts";

const to = { container: "converted", name: "0123.vhd" };
const SOURCE = { ref: { container: "uploads", name: "web.vhdx" }, etag: '"0x1"', offset: 512 };

function targetsOf(token: string | null, ...answers: readonly Answer[]) {
  const { service, requests } = createScriptedService(...answers);
  const url = "https://own.blob.core.windows.net/uploads/web.vhdx";
  return { targets: createPageTargets(service, async () => ({ url, token })), requests };
}

const CALLS: Readonly<Record<string, (targets: PageTargets) => Promise<unknown>>> = {
  create: (targets) => targets.create(to, { length: 1024, metadata: {} }),
  copy: (targets) => targets.copy(to, { offset: 0, count: 512, source: SOURCE }),
  write: (targets) => targets.write(to, 0, new Uint8Array(512)),
  countWritten: (targets) => targets.countWritten(to),
  remove: (targets) => targets.remove(to),
};

describe("an answer of storage means", () => {
  it.each<[Answer, string]>([
    ["nothing", "busy"],
    [{ status: 408, code: "RequestTimeout" }, "busy"],
    [{ status: 429 }, "busy"],
    [{ status: 500, code: "OperationTimedOut" }, "busy"],
    [{ status: 503, code: "ServerBusy" }, "busy"],
    [{ status: 412, code: "SourceConditionNotMet" }, "source-changed"],
    [{ status: 403, code: "CannotVerifyCopySource" }, "source-unreadable"],
    [{ status: 404, code: "CannotVerifyCopySource" }, "source-unreadable"],
    [{ status: 404, code: "BlobNotFound" }, "target-gone"],
    [{ status: 412, code: "ConditionNotMet" }, "target-gone"],
    [{ status: 416, code: "InvalidPageRange" }, "target-gone"],
  ])("%j: %s", async (answer, problem) => {
    const { targets } = targetsOf(null, answer);
    await expect(CALLS.copy?.(targets)).rejects.toMatchObject({ problem });
  });

  it.each(Object.keys(CALLS))("busy for %s, too", async (call) => {
    const { targets } = targetsOf(null, { status: 503, code: "ServerBusy" });
    const error: unknown = await CALLS[call]?.(targets).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(PageCallError);
    expect(error).toMatchObject({ problem: "busy", message: "busy: 503 ServerBusy" });
  });

  it("a mistake of ours, or a right that is missing: an error without URL and token", async () => {
    const { targets } = targetsOf("s3cret", { status: 403, code: "AuthorizationFailure" });
    const error = await CALLS.copy?.(targets).catch((caught: unknown) => caught as Error);
    expect(error).not.toBeInstanceOf(PageCallError);
    expect(error).toMatchObject({
      message: "Blob Storage refused to write a converted disk: 403 AuthorizationFailure",
    });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/s3cret|https/);
  });

  it("a try that the client ended itself: busy", async () => {
    const { service } = createScriptedService({ status: 201 });
    const abort = new Error("ended");
    abort.name = "AbortError";
    const targets = createPageTargets(service, async () => ({
      url: "https://x.test",
      token: null,
    }));
    const pages = service.getContainerClient("converted").getPageBlobClient(to.name);
    const prototype = Object.getPrototypeOf(pages);
    const { uploadPages } = prototype;
    prototype.uploadPages = () => Promise.reject(abort);
    try {
      await expect(CALLS.write?.(targets)).rejects.toMatchObject({
        problem: "busy",
        message: "busy: no answer",
      });
      prototype.uploadPages = () => Promise.reject(new TypeError("ours"));
      await expect(CALLS.write?.(targets)).rejects.toThrow(TypeError);
    } finally {
      prototype.uploadPages = uploadPages;
    }
  });
});

describe("a target is created", () => {
  it("only where nothing is", async () => {
    const { targets, requests } = targetsOf(null, { status: 201 });
    expect(await targets.create(to, { length: 1024, metadata: { a: "b" } })).toBe(true);
    expect(requests[0]?.headers.get("if-none-match")).toBe("*");
    expect(requests[0]?.headers.get("x-ms-meta-a")).toBe("b");
  });

  it.each([
    [{ status: 409, code: "BlobAlreadyExists" }, false],
    [{ status: 412, code: "ConditionNotMet" }, false],
  ])("not for %j", async (answer, expected) => {
    const { targets } = targetsOf(null, answer);
    expect(await targets.create(to, { length: 1024, metadata: {} })).toBe(expected);
  });

  it("not without an answer: it may have been", async () => {
    const { targets } = targetsOf(null, "nothing");
    await expect(CALLS.create?.(targets)).rejects.toMatchObject({ problem: "busy" });
  });

  it("not in a container that is being deleted", async () => {
    const { targets } = targetsOf(null, { status: 409, code: "ContainerBeingDeleted" });
    await expect(CALLS.create?.(targets)).rejects.toThrow("409 ContainerBeingDeleted");
  });
});

describe("a copy", () => {
  it.each([
    ["s3cret", "Bearer s3cret"],
    [null, undefined],
  ])("holds the source to its version, with the token %s", async (token, authorization) => {
    const { targets, requests } = targetsOf(token, { status: 201 });
    await targets.copy(to, { offset: 4096, count: 1024, source: SOURCE });
    const { headers } = requests[0] ?? { headers: new Map() };
    expect(headers.get("x-ms-source-if-match")).toBe('"0x1"');
    expect(headers.get("x-ms-source-range")).toBe("bytes=512-1535");
    expect(headers.get("x-ms-range")).toBe("bytes=4096-5119");
    expect(headers.get("x-ms-copy-source-authorization")).toBe(authorization);
  });
});

describe("the written pages", () => {
  const list = (ranges: string, marker = ""): Answer => ({
    status: 200,
    headers: { "content-type": "application/xml" },
    body: `<?xml version="1.0"?><PageList>${ranges}<NextMarker>${marker}</NextMarker></PageList>`,
  });
  const range = (start: number, end: number) =>
    `<PageRange><Start>${start}</Start><End>${end}</End></PageRange>`;

  it("are summed over all pages of the answer, ends included", async () => {
    const { targets } = targetsOf(null, list(range(0, 511), "next"), list(range(1024, 2047)));
    expect(await targets.countWritten(to)).toBe(512 + 1024);
  });

  it("are none of a blob without any", async () => {
    expect(await targetsOf(null, list("")).targets.countWritten(to)).toBe(0);
  });
});
