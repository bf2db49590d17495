import type { BlobGetPropertiesResponse } from "@azure/storage-blob";
import { readStatusCode } from "../errors.ts";
import type { HostContext } from "../host-context.ts";
import type { QueueMessage } from "../queue/processor.ts";
import { type BlobTriggerMessage, parseBlobTriggerMessage, quoteETag } from "./message.ts";
import type { ScanNotifier } from "./notifier.ts";
import type { BlobTrigger } from "./trigger.ts";
import { readBlobTriggerData } from "./trigger-data.ts";

/** Finds the trigger that a message names: by its full id or without the `Host.` in front. */
export type FindBlobTrigger = (functionId: string) => BlobTrigger | undefined;

/**
 * Returns what runs for a message of the internal queue; true when the message is done with. A
 * message is done without a run when its function or its blob is gone, or, in scan mode only, when
 * the blob has changed since: then the new version is queued instead.
 */
export function createBlobExecutor(
  context: HostContext,
  findTrigger: FindBlobTrigger,
  notifier: ScanNotifier,
): (message: QueueMessage) => Promise<boolean> {
  return async ({ text }) => {
    const message = parseBlobTriggerMessage(text);
    const trigger = findTrigger(message.functionId);
    if (trigger === undefined) return true;
    const properties = await readProperties(trigger, message);
    if (properties === undefined) return true;
    if (isOutdated(trigger, message, properties, context)) {
      await notifier.notify(trigger, message.blobName);
      return true;
    }
    const reason = `New blob detected(${trigger.source}): ${message.containerName}/${message.blobName}`;
    const data = await readBlobTriggerData(trigger, message.blobName, properties, reason);
    return (await context.invoker.invoke(trigger.target, data)).succeeded;
  };
}

function isOutdated(
  trigger: BlobTrigger,
  message: BlobTriggerMessage,
  properties: BlobGetPropertiesResponse,
  { faults }: HostContext,
): boolean {
  if (trigger.source === "EventGrid" || faults.isOn("blobEvents.early")) return false;
  return quoteETag(properties.etag ?? "") !== message.etag;
}

async function readProperties(
  trigger: BlobTrigger,
  { containerName, blobName }: BlobTriggerMessage,
): Promise<BlobGetPropertiesResponse | undefined> {
  const blob = trigger.blobs.getContainerClient(containerName).getBlobClient(blobName);
  try {
    return await blob.getProperties();
  } catch (error) {
    if (readStatusCode(error) === 404) return undefined;
    throw error;
  }
}
