import type { BlobRef } from "../image/image-request.ts";
import type { BlobStore } from "../ports.ts";
import type { Attributes, Telemetry } from "./telemetry.ts";

/** The blob store, each of its calls a span, and what is read of blobs counted. */
export function traceBlobStore(blobs: BlobStore, telemetry: Telemetry): BlobStore {
  const trace = <T>(
    operation: string,
    attributes: Attributes,
    call: () => Promise<T>,
    statusOf: (result: T) => number,
  ): Promise<T> =>
    telemetry.span(operation, { kind: "client", attributes }, async () => {
      try {
        const result = await call();
        telemetry.annotate({ "http.response.status_code": statusOf(result) });
        return result;
      } catch (error) {
        telemetry.annotate({ "http.response.status_code": findStatus(error) });
        throw error;
      }
    });
  return {
    getProperties: (ref) =>
      trace(
        "blobs.getProperties",
        { "http.request.method": "HEAD", ...describeBlob(ref) },
        () => blobs.getProperties(ref),
        (blob) => (blob === null ? 404 : 200),
      ),
    async read(ref, range) {
      const bytes = await trace(
        "blobs.read",
        { "http.request.method": "GET", ...describeBlob(ref) },
        () => blobs.read(ref, range),
        () => 206,
      );
      const kind = ref.name.toLowerCase().endsWith(".json") ? "manifest" : "disk";
      telemetry.measure("vhd_to_image.bytes_read", bytes.length, { kind });
      return bytes;
    },
    listPageRanges: (ref, options) =>
      trace(
        "blobs.listPageRanges",
        { "http.request.method": "GET", ...describeBlob(ref) },
        () => blobs.listPageRanges(ref, options),
        () => 200,
      ),
    list: (container, options) =>
      trace(
        "blobs.list",
        { "http.request.method": "GET" },
        () => blobs.list(container, options),
        () => 200,
      ),
  };
}

function describeBlob({ container, name }: BlobRef): Attributes {
  return { "vhd_to_image.blob": `${container}/${name}` };
}

/** Status of the answer that an error is from: of its own, or of what caused it. */
function findStatus(error: unknown): number | null {
  if (!(error instanceof Error)) return null;
  const { statusCode } = error as { statusCode?: unknown };
  return typeof statusCode === "number" ? statusCode : findStatus(error.cause);
}
