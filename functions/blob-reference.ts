import type { ModelBindingData } from "@azure/functions-extensions-base";
import type { BlobRef } from "../shared/image/image-request.ts";

/** The `source` under which the Functions host hands over references to blobs. */
export const BLOB_SOURCE = "AzureStorageBlobs";

/**
 * The blob that a trigger tells of: its name, never its content. The name in the trigger's metadata
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

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
