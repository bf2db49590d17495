import { describe, expect, it } from "vitest";
import { readStorageConnection } from "../../../../shared/settings/storage-connection.ts";

const identity = {
  ImageStorage__blobServiceUri: "https://a.blob.core.windows.net",
  ImageStorage__queueServiceUri: "https://a.queue.core.windows.net",
  ImageStorage__tableServiceUri: "https://a.table.core.windows.net",
};

describe("readStorageConnection", () => {
  it.each([
    "UseDevelopmentStorage=true",
    "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=k",
    "BlobEndpoint=https://a.blob.core.windows.net;SharedAccessSignature=s",
  ])("takes the connection string %s, also beside the identity form", (connectionString) => {
    expect(readStorageConnection({ ...identity, ImageStorage: connectionString })).toEqual({
      kind: "connectionString",
      connectionString,
    });
  });

  it("takes the identity form, of the system-assigned identity or of another", () => {
    const connection = {
      kind: "identity",
      blobServiceUri: "https://a.blob.core.windows.net",
      queueServiceUri: "https://a.queue.core.windows.net",
      tableServiceUri: "https://a.table.core.windows.net",
    };

    expect(readStorageConnection({ ...identity, ImageStorage: "" })).toEqual({
      ...connection,
      clientId: null,
    });
    expect(readStorageConnection({ ...identity, ImageStorage__clientId: "c" })).toEqual({
      ...connection,
      clientId: "c",
    });
  });

  it("names what the identity form lacks", () => {
    const { ImageStorage__queueServiceUri: _, ...incomplete } = identity;

    expect(readStorageConnection(incomplete)).toBe(
      "must be a connection string, or the identity form must be complete (missing: ImageStorage__queueServiceUri)",
    );
    expect(readStorageConnection({})).toMatch(
      /missing: ImageStorage__blobServiceUri, ImageStorage__queueServiceUri, ImageStorage__tableServiceUri/,
    );
  });

  it("refuses another text without repeating it, it may be a key", () => {
    expect(readStorageConnection({ ImageStorage: "SECRET" })).toBe(
      "must be a storage connection string, which names AccountName or BlobEndpoint",
    );
  });
});
