import { describe, expect, it } from "vitest";
import {
  BLOB_SOURCE,
  readBlobReference,
  requireBlobReference,
} from "../../../functions/blob-reference.ts";

/** Binding data as the Functions host sends it. */
function makeData(content: unknown) {
  return {
    version: "1.0",
    source: BLOB_SOURCE,
    contentType: "application/json",
    content: Buffer.from(typeof content === "string" ? content : JSON.stringify(content)),
  };
}

describe("readBlobReference", () => {
  it.each(["web.vhd", "folder/ü 100%.json", "20240101", "true", "null", "{name}", '"quoted"'])(
    "reads the name %s as the text that it is",
    (BlobName) => {
      const data = makeData({ Connection: "ImageStorage", ContainerName: "uploads", BlobName });

      expect(readBlobReference(data)).toEqual({ container: "uploads", name: BlobName });
    },
  );

  it.each([
    ["no content", { ...makeData(""), content: null }],
    ["no JSON", makeData("web.vhd")],
    ["a number for a name", makeData({ ContainerName: "uploads", BlobName: 20240101 })],
    ["an empty name", makeData({ ContainerName: "uploads", BlobName: "" })],
    ["no container", makeData({ BlobName: "web.vhd" })],
  ])("refuses %s", (_, data) => {
    expect(() => readBlobReference(data)).toThrow(Error);
  });

  it("refuses several blobs at a time", () => {
    const data = makeData({ ContainerName: "uploads", BlobName: "web.vhd" });

    expect(() => readBlobReference([data])).toThrow("one blob at a time");
  });
});

describe("requireBlobReference", () => {
  it("takes a reference", () => {
    const reference = { container: "uploads", name: "web.vhd" };

    expect(requireBlobReference(reference)).toEqual(reference);
  });

  it.each([
    ["bytes", Buffer.from("abc"), "3 bytes"],
    ["a text", "abc", "of the type string"],
    [
      "parsed JSON",
      { container: "uploads", name: "web.vhd", properties: {} },
      "of the type object",
    ],
    ["nothing", undefined, "of the type undefined"],
  ])("says so when the host hands over %s", (_, input, what) => {
    expect(() => requireBlobReference(input)).toThrow(
      `content of the blob (${what}) instead of a reference. The function 'ingest' needs deferred binding`,
    );
  });
});
