import { describe, expect, it } from "vitest";
import { BlobChangedError, ServiceError } from "../../../../shared/errors.ts";
import type { BlobStore } from "../../../../shared/ports.ts";
import { traceBlobStore } from "../../../../shared/telemetry/trace-blob-store.ts";
import { traceImageService } from "../../../../shared/telemetry/trace-image-service.ts";
import { traceSourceService } from "../../../../shared/telemetry/trace-source-service.ts";
import { makeBlob, makeImageRequest, makeServiceErrorParts } from "../../../factories.ts";
import { createFakeImageService } from "../../../fakes/image-service.ts";
import { createFakeTelemetry } from "../../../fakes/telemetry.ts";

const SIGNED = "https://management.azure.com/operations/1?c=MIIcertificate&s=signature&h=hash";

describe("calls to the service", () => {
  it("are spans with the method, and nothing of a URL", async () => {
    const telemetry = createFakeTelemetry();
    const images = traceImageService(createFakeImageService(), telemetry);
    await images.find(makeImageRequest());
    await images.create(makeImageRequest());
    await images.poll(makeImageRequest(), SIGNED);
    expect(telemetry.spans.map(({ name, attributes }) => [name, attributes])).toEqual([
      ["images.get", { "http.request.method": "GET" }],
      ["images.create", { "http.request.method": "PUT" }],
      ["operations.get", { "http.request.method": "GET" }],
    ]);
  });

  it.each([
    [400, 0],
    [429, 1],
    [500, 0],
    [503, 1],
    [null, 0],
  ])("note an answer %s, and count it as throttled %i time(s)", async (status, throttles) => {
    const telemetry = createFakeTelemetry();
    const fake = createFakeImageService();
    fake.nextGets.push(new ServiceError(makeServiceErrorParts({ status, code: "Code" })));
    const call = traceImageService(fake, telemetry).find(makeImageRequest());
    await expect(call).rejects.toThrow(ServiceError);
    expect(telemetry.spans).toMatchObject([
      { attributes: { "http.response.status_code": status, "error.type": "Code" } },
    ]);
    expect(telemetry.spans[0]?.failure).not.toBeNull();
    expect(telemetry.labelsOf("vhd_to_image.throttles")).toHaveLength(throttles);
  });

  it("are traced for the sources of images too", async () => {
    const telemetry = createFakeTelemetry();
    const sources = traceSourceService({ read: async () => null }, telemetry);
    expect(await sources.read({ kind: "snapshot", id: "/subscriptions/s" })).toBeNull();
    expect(telemetry.named("sources.read")).toHaveLength(1);
  });
});

/** A blob store with one blob, of which 512 bytes can be read. */
const store: BlobStore = {
  getProperties: async ({ name }) => (name === "web.vhd" ? makeBlob() : null),
  read: async () => new Uint8Array(512),
  listPageRanges: async () => ({ ranges: [], hasMore: false }),
  list: async () => ({ blobs: [], cursor: null }),
};
const range = { offset: 0, count: 512, etag: '"1"' };
const ref = (name: string) => ({ container: "uploads", name });

describe("calls to blob storage", () => {
  it("are spans with the status of the answer", async () => {
    const telemetry = createFakeTelemetry();
    const blobs = traceBlobStore(store, telemetry);
    await blobs.getProperties(ref("web.vhd"));
    await blobs.getProperties(ref("none.vhd"));
    await blobs.read(ref("web.vhd"), range);
    await blobs.list("uploads", {});
    expect(
      telemetry.spans.map(({ name, attributes }) => [
        name,
        attributes["vhd_to_image.blob"],
        attributes["http.response.status_code"],
      ]),
    ).toEqual([
      ["blobs.getProperties", "uploads/web.vhd", 200],
      ["blobs.getProperties", "uploads/none.vhd", 404],
      ["blobs.read", "uploads/web.vhd", 206],
      ["blobs.list", undefined, 200],
    ]);
  });

  it("count what was read, of manifests and of disks apart", async () => {
    const telemetry = createFakeTelemetry();
    const blobs = traceBlobStore(store, telemetry);
    await blobs.read(ref("web.vhd"), range);
    await blobs.read(ref("WEB.JSON"), range);
    expect(telemetry.measurements).toEqual([
      { metric: "vhd_to_image.bytes_read", value: 512, labels: { kind: "disk" } },
      { metric: "vhd_to_image.bytes_read", value: 512, labels: { kind: "manifest" } },
    ]);
  });

  it("note the status of an error, or of its cause, and count nothing", async () => {
    const telemetry = createFakeTelemetry();
    const cause = Object.assign(new Error("changed"), { statusCode: 412 });
    const error = new BlobChangedError("web.vhd changed", { cause });
    const blobs = traceBlobStore({ ...store, read: () => Promise.reject(error) }, telemetry);
    await expect(blobs.read(ref("web.vhd"), range)).rejects.toBe(error);
    expect(telemetry.spans[0]?.attributes).toMatchObject({ "http.response.status_code": 412 });
    expect(telemetry.measurements).toEqual([]);
  });

  it("have no status without an answer", async () => {
    const telemetry = createFakeTelemetry();
    const failing = () => Promise.reject(new Error("connection refused"));
    const blobs = traceBlobStore({ ...store, getProperties: failing }, telemetry);
    await expect(blobs.getProperties(ref("web.vhd"))).rejects.toThrow("connection refused");
    expect(telemetry.spans[0]?.attributes).toMatchObject({ "http.response.status_code": null });
  });
});
