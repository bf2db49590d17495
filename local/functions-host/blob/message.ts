/** The type of a blob as the host writes it into messages. */
export type BlobType = "BlockBlob" | "PageBlob" | "AppendBlob";

/** A message of the host's internal queue: this function is to run for this blob. */
export interface BlobTriggerMessage {
  /** `Host.Functions.<name>`; events may also name `Functions.<name>`. */
  readonly functionId: string;
  readonly blobType: BlobType;
  readonly containerName: string;
  readonly blobName: string;
  /** With its quotes, as in an ETag header. */
  readonly etag: string;
}

/** Returns the internal queue's name, on the host's storage account. */
export function getInternalQueueName(hostId: string): string {
  return `azure-webjobs-blobtrigger-${hostId}`;
}

/**
 * Returns the message as the storage extension writes it: indented JSON. The same text ends up on
 * the poison queue, where apps read it, so the names and their order are kept.
 */
export function formatBlobTriggerMessage(message: BlobTriggerMessage): string {
  const json = {
    Type: "BlobTrigger",
    FunctionId: message.functionId,
    BlobType: message.blobType,
    ContainerName: message.containerName,
    BlobName: message.blobName,
    ETag: message.etag,
  };
  return JSON.stringify(json, null, 2);
}

/** Returns the parsed message. Throws when the text is not one. */
export function parseBlobTriggerMessage(text: string): BlobTriggerMessage {
  const json: Record<string, unknown> = JSON.parse(text);
  const read = (key: string): string => {
    const value = json[key];
    if (typeof value === "string") return value;
    throw new Error(`Blob trigger message without '${key}': ${text}`);
  };
  return {
    functionId: read("FunctionId"),
    blobType: toBlobType(read("BlobType")),
    containerName: read("ContainerName"),
    blobName: read("BlobName"),
    etag: read("ETag"),
  };
}

/** Returns the blob type of that name; anything unknown counts as a block blob. */
export function toBlobType(name: string | undefined): BlobType {
  return name === "PageBlob" || name === "AppendBlob" ? name : "BlockBlob";
}

/** Returns an ETag with the quotes that listings leave out and headers have. */
export function quoteETag(etag: string): string {
  return etag.startsWith('"') ? etag : `"${etag}"`;
}
