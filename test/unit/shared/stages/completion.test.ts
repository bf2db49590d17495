import { describe, expect, it } from "vitest";
import type { Observation } from "../../../../shared/request/record.ts";
import { judgeCompletion } from "../../../../shared/stages/completion.ts";
import { at, makeBlob, makeTiming } from "../../../factories.ts";

const timing = makeTiming({ settleSeconds: 300, settleMinSeconds: 10 });

function seen(overrides: Partial<Observation> = {}): Observation {
  const moment = at(-60).toISOString();
  return {
    etag: '"0x8D1"',
    firstReadAt: moment,
    lastModified: moment,
    createdOn: moment,
    ...overrides,
  };
}

describe("judgeCompletion", () => {
  it("settles a blob that nobody wrote to for SETTLE_SECONDS, at the first look", () => {
    const blob = makeBlob({ lastModified: at(-300) });
    expect(judgeCompletion(blob, null, { manifestWrittenAt: null, timing }).kind).toBe("settled");
  });

  it("waits one second less than SETTLE_SECONDS after the last write", () => {
    const blob = makeBlob({ lastModified: at(-299) });
    expect(judgeCompletion(blob, null, { manifestWrittenAt: null, timing })).toMatchObject({
      kind: "uploading",
      detail: "last written 299 s ago",
      lookAgainSeconds: 1,
    });
  });

  it("looks again after a minute at most, so that the status is fresh", () => {
    const result = judgeCompletion(makeBlob({ lastModified: at(-1) }), null, {
      manifestWrittenAt: null,
      timing,
    });
    expect(result).toMatchObject({ lookAgainSeconds: 60 });
  });

  it("settles a blob that a later manifest names after two equal looks", () => {
    const blob = makeBlob({ lastModified: at(-60) });
    const context = { manifestWrittenAt: at(-50), timing };
    const first = judgeCompletion(blob, null, context);
    expect(first).toMatchObject({ kind: "uploading", lookAgainSeconds: 10 });
    const second = judgeCompletion({ ...blob, readAt: at(10) }, first.observed, context);
    expect(second.kind).toBe("settled");
  });

  it("does not count a second look that comes too early", () => {
    const result = judgeCompletion(makeBlob(), seen({ firstReadAt: at(-9).toISOString() }), {
      manifestWrittenAt: at(0),
      timing,
    });
    expect(result).toMatchObject({ kind: "uploading", lookAgainSeconds: 1 });
  });

  it("counts a manifest of the same second as later: the service's times are whole seconds", () => {
    const context = { manifestWrittenAt: at(-60), timing };
    expect(judgeCompletion(makeBlob(), seen(), context).kind).toBe("settled");
  });

  it("starts anew when the ETag changed between two looks", () => {
    const blob = makeBlob({ etag: '"0x8D2"' });
    const result = judgeCompletion(blob, seen(), { manifestWrittenAt: at(0), timing });
    expect(result).toMatchObject({
      kind: "uploading",
      observed: { etag: '"0x8D2"', firstReadAt: at(0).toISOString() },
    });
  });

  it("does not trust a manifest that is older than the last write", () => {
    const result = judgeCompletion(makeBlob(), seen(), { manifestWrittenAt: at(-61), timing });
    expect(result.kind).toBe("uploading");
  });

  it("waits for a server-side copy however old the blob is", () => {
    const blob = makeBlob({ copyStatus: "pending", lastModified: at(-9000) });
    const result = judgeCompletion(blob, null, { manifestWrittenAt: null, timing });
    expect(result).toMatchObject({ kind: "copying", lookAgainSeconds: 10 });
  });

  it("measures ages by the storage service's clock alone", () => {
    const blob = makeBlob({
      lastModified: new Date("2001-01-01T00:00:00Z"),
      readAt: new Date("2001-01-01T00:00:30Z"),
    });
    expect(judgeCompletion(blob, null, { manifestWrittenAt: null, timing })).toMatchObject({
      detail: "last written 30 s ago",
    });
  });
});
