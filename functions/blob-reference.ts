import type { ModelBindingData } from "@azure/functions-extensions-base";
import type { BlobRef } from "../shared/image/image-request.ts";

/** The `source` under which the Functions host hands over references to blobs. */
export const BLOB_SOURCE = "AzureStorageBlobs";

/**
 * The blob that a trigger reports: its name, never its content. The name in the trigger's metadata
 * is of no use, the library turns `20240101` or `true` into a number or a boolean.
 * @throws Error for binding data that the host does not send.
 */
export function readBlobReference(data: ModelBindingData | ModelBindingData[]): BlobRef {
  if (Array.isArray(data)) throw new Error("a blob trigger hands over one blob at a time");
  const content: unknown = JSON.parse(data.content?.toString("utf8") ?? "");
  const { ContainerName, BlobName } = (content ?? {}) as Readonly<Record<string, unknown>>;
  if (!isName(ContainerName) || !isName(BlobName)) {
    throw new Error("the binding data of a blob trigger names ContainerName and BlobName");
  }
  return { container: ContainerName, name: BlobName };
}

/**
 * What the host handed to the blob trigger, if it is a reference. Without deferred binding it loads the
 * whole blob into memory and hands over the content, from which the blob's name cannot be told.
 * @throws Error that says so.
 */
export function requireBlobReference(input: unknown): BlobRef {
  const { container, name } = (input ?? {}) as Partial<BlobRef>;
  // The host sends content as bytes, which the library makes a Buffer; it never parses them.
  if (isName(container) && isName(name) && Object.keys(input as object).length === 2) {
    return { container, name };
  }
  const what = Buffer.isBuffer(input) ? `${input.length} bytes` : `of the type ${typeof input}`;
  throw new Error(
    `The host passed the content of the blob (${what}) instead of a reference. The function 'ingest' needs deferred binding: extension bundle [4.*, 5.0.0) in host.json, 'sdkBinding: true' on the blob trigger, and no other binding of the same function.`,
  );
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
