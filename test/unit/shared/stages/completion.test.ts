import { describe, expect, it } from "vitest";
import type { Observation } from "../../../../shared/record/record.ts";
import { judgeCompletion } from "../../../../shared/stages/completion.ts";
import { at, makeBlob, makeTiming } from "../../../factories.ts";

const timing = makeTiming({ settleSeconds: 300, settleMinSeconds: 10 });

function seen(overrides: Partial<Observation> = {}): Observation {
  const moment = at(-60).toISOString();
  return {
    etag: '"0x8D1"',
    firstReadAt: moment,
    lastModified: moment,
    createdOn: at(-120).toISOString(),
    md5FromStart: false,
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

  it("checks again after a minute at most, so that the status is fresh", () => {
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

  it("starts again when the ETag changed between two looks", () => {
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

  describe("an end mark", () => {
    const noManifest = { manifestWrittenAt: null, timing };

    it.each([
      [
        "a server-side copy that has ended",
        { copyStatus: "success" as const, copyCompletedOn: at(-60) },
      ],
      ["the metadata uploadcomplete", { metadata: { uploadcomplete: "TRUE" } }],
      ["a Content-MD5 that appeared while we watched", { contentMd5: "0a" }],
    ])("%s settles a blob after two equal looks", (_what, parts) => {
      const blob = makeBlob(parts);
      expect(judgeCompletion(blob, seen(), noManifest).kind).toBe("settled");
      const early = seen({ firstReadAt: at(-4).toISOString() });
      expect(judgeCompletion(blob, early, noManifest)).toMatchObject({
        kind: "uploading",
        lookAgainSeconds: 6,
      });
    });

    it("is not the metadata uploadcomplete with another value", () => {
      const blob = makeBlob({ metadata: { uploadcomplete: "false" } });
      expect(judgeCompletion(blob, seen(), noManifest).kind).toBe("uploading");
    });

    it("is not a Content-MD5 that was there at the first look: a copied blob carries it from creation", () => {
      const blob = makeBlob({ contentMd5: "0a" });
      const first = judgeCompletion(blob, null, noManifest);
      expect(first.observed.md5FromStart).toBe(true);
      const later = { ...blob, readAt: at(30) };
      expect(judgeCompletion(later, first.observed, noManifest).kind).toBe("uploading");
    });

    it("is checked again when the blob was recreated", () => {
      const blob = makeBlob({ createdOn: at(-30), etag: '"0x9"' });
      const { observed } = judgeCompletion(blob, seen({ md5FromStart: true }), noManifest);
      expect(observed.md5FromStart).toBe(false);
    });

    it("is not a Content-MD5 while the uploader's own metadata is still there", () => {
      const blob = makeBlob({ contentMd5: "0a", metadata: { diskmetadata: "{}" } });
      expect(judgeCompletion(blob, seen(), noManifest).kind).toBe("uploading");
    });
  });

  it("does not settle what its uploader marks as unfinished, however quiet it is", () => {
    const blob = makeBlob({ metadata: { diskmetadata: "{}" }, lastModified: at(-9000) });
    expect(judgeCompletion(blob, seen(), { manifestWrittenAt: at(0), timing })).toMatchObject({
      kind: "uploading",
      detail: "its uploader has marked it as unfinished (diskmetadata)",
      lookAgainSeconds: 10,
    });
  });

  it("settles by quiet what azure-vhd-utils has finished: its metadata stays beside the MD5", () => {
    const blob = makeBlob({
      contentMd5: "0a",
      metadata: { diskmetadata: "{}" },
      lastModified: at(-300),
    });
    expect(judgeCompletion(blob, null, { manifestWrittenAt: null, timing }).kind).toBe("settled");
  });
});
