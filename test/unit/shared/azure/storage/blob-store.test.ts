import { describe, expect, it } from "vitest";
import { createBlobStore } from "../../../../../shared/azure/storage/blob-store.ts";
import { BlobChangedError } from "../../../../../shared/errors.ts";
import { type Answer, createScriptedService } from "./scripted-service.ts";

const ref = { container: "uploads", name: "web.vhd" };
const MODIFIED = "Fri, 02 Jan 2026 03:04:05 GMT";
const HEAD = { etag: '"0x1"', "last-modified": MODIFIED };
const storeOf = (...answers: readonly Answer[]) =>
  createBlobStore(createScriptedService(...answers).service);
const xml = (body: string): Answer => ({
  status: 200,
  headers: { "content-type": "application/xml" },
  body: `<?xml version="1.0" encoding="utf-8"?>${body}`,
});

describe("the properties of a blob", () => {
  it("have defaults where an older service leaves a header out", async () => {
    const asked = Date.now();
    const blob = await storeOf({ status: 200, headers: HEAD }).getProperties(ref);
    expect(blob).toMatchObject({
      etag: '"0x1"',
      length: 0,
      type: "BlockBlob",
      createdOn: new Date(MODIFIED),
      copyStatus: null,
      copyCompletedOn: null,
      contentMd5: null,
      lease: null,
      metadata: {},
    });
    expect(blob?.readAt.getTime()).toBeGreaterThanOrEqual(asked);
  });

  it("are read from its headers, with keys in lower case", async () => {
    const headers = {
      ...HEAD,
      "content-length": "1024",
      "x-ms-blob-type": "PageBlob",
      "x-ms-creation-time": "Thu, 01 Jan 2026 00:00:00 GMT",
      "x-ms-copy-status": "success",
      "x-ms-copy-completion-time": MODIFIED,
      "content-md5": Buffer.from([1, 2, 255]).toString("base64"),
      "x-ms-lease-duration": "infinite",
      "x-ms-meta-OsType": "Linux",
      date: MODIFIED,
    };
    expect(await storeOf({ status: 200, headers }).getProperties(ref)).toMatchObject({
      length: 1024,
      type: "PageBlob",
      createdOn: new Date(Date.UTC(2026, 0, 1)),
      readAt: new Date(MODIFIED),
      copyStatus: "success",
      copyCompletedOn: new Date(MODIFIED),
      contentMd5: "0102ff",
      lease: "infinite",
      metadata: { ostype: "Linux" },
    });
  });

  it("are null for a blob that does not exist; other refusals are errors", async () => {
    expect(await storeOf({ status: 404, code: "BlobNotFound" }).getProperties(ref)).toBeNull();
    await expect(storeOf({ status: 403 }).getProperties(ref)).rejects.toMatchObject({
      statusCode: 403,
    });
  });

  it.each([
    ["ETag", { "last-modified": MODIFIED }],
    ["Last-Modified", { etag: '"0x1"' }],
  ])("are refused without %s", async (header, headers) => {
    await expect(storeOf({ status: 200, headers }).getProperties(ref)).rejects.toThrow(
      `Blob Storage sent no ${header}`,
    );
  });
});

describe("a read by ETag", () => {
  it.each([404, 412, 416])("of a blob that changed says so: %i", async (status) => {
    const range = { offset: 0, count: 512, etag: '"0x1"' };
    await expect(storeOf({ status }).read(ref, range)).rejects.toThrow(BlobChangedError);
    await expect(
      storeOf({ status }).listPageRanges(ref, { etag: '"0x1"', limit: 1 }),
    ).rejects.toThrow(BlobChangedError);
  });

  it("passes other refusals on", async () => {
    const range = { offset: 0, count: 512, etag: '"0x1"' };
    await expect(storeOf({ status: 403 }).read(ref, range)).rejects.toMatchObject({
      statusCode: 403,
    });
  });
});

describe("page ranges", () => {
  const range = (start: number, end: number) =>
    `<PageRange><Start>${start}</Start><End>${end}</End></PageRange>`;
  const list = (ranges: string, marker = "") =>
    storeOf(xml(`<PageList>${ranges}<NextMarker>${marker}</NextMarker></PageList>`)).listPageRanges(
      ref,
      { etag: '"0x1"', limit: 2 },
    );

  it("are merged where they touch, ends included", async () => {
    expect(await list(range(0, 511) + range(512, 1023) + range(2048, 2559))).toEqual({
      ranges: [
        { offset: 0, count: 1024 },
        { offset: 2048, count: 512 },
      ],
      hasMore: false,
    });
  });

  it.each([
    ["by their number", range(0, 511) + range(1024, 1535) + range(2048, 2559), ""],
    ["by the mark of the answer", range(0, 511), "next"],
  ])("say that there are more: %s", async (_, ranges, marker) => {
    expect(await list(ranges, marker)).toMatchObject({ hasMore: true });
  });

  it("are none of a blob that was never written", async () => {
    expect(await list("")).toEqual({ ranges: [], hasMore: false });
  });

  it("begin at an offset, of the version with the ETag", async () => {
    const { service, requests } = createScriptedService(xml("<PageList></PageList>"));
    const options = { etag: '"0x1"', limit: 4999, offset: 4096 };
    await createBlobStore(service).listPageRanges(ref, options);
    expect(requests[0]?.headers.get("if-match")).toBe('"0x1"');
    expect(requests[0]?.headers.get("x-ms-range")).toBe("bytes=4096-");
    expect(new URL(requests[0]?.url ?? "").searchParams.get("maxresults")).toBe("5000");
  });
});

describe("a listing", () => {
  const item = (name: string, properties: string) =>
    `<Blob><Name>${name}</Name><Properties><Last-Modified>${MODIFIED}</Last-Modified>${properties}</Properties></Blob>`;
  const page = (blobs: string, marker = "") =>
    xml(
      `<EnumerationResults ContainerName="uploads"><Blobs>${blobs}</Blobs><NextMarker>${marker}</NextMarker></EnumerationResults>`,
    );

  it("gives one page, ETags with quotes, and where it goes on", async () => {
    const blobs =
      item("a.vhd", "<Etag>0x1</Etag>") +
      item(
        "b.vhd",
        '<Etag>"0x2"</Etag><Content-Length>512</Content-Length><BlobType>PageBlob</BlobType><LeaseDuration>fixed</LeaseDuration><CopyStatus>pending</CopyStatus>',
      );
    const listed = await storeOf(page(blobs, "next")).list("uploads", {});
    expect(listed.cursor).toBe("next");
    expect(listed.blobs).toMatchObject([
      { name: "a.vhd", etag: '"0x1"', length: 0, type: "BlockBlob", lease: null, contentMd5: null },
      { name: "b.vhd", etag: '"0x2"', length: 512, type: "PageBlob", lease: "fixed" },
    ]);
  });

  it("goes on at a cursor, for a prefix, and ends", async () => {
    const { service, requests } = createScriptedService(page(""));
    const options = { prefix: "web.", cursor: "next" };
    expect(await createBlobStore(service).list("uploads", options)).toEqual({
      blobs: [],
      cursor: null,
    });
    const { searchParams } = new URL(requests[0]?.url ?? "");
    expect([searchParams.get("prefix"), searchParams.get("marker")]).toEqual(["web.", "next"]);
    expect(searchParams.get("maxresults")).toBe("5000");
  });
});
