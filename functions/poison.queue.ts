import type { StorageQueueHandler } from "@azure/functions";
import { z } from "zod";
import type { AdvanceContext } from "../shared/stages/advance.ts";
import type { IngestContext } from "../shared/stages/ingest.ts";
import { failPoisonedStep, failPoisonedUpload } from "../shared/stages/poison.ts";
import { workMessageSchema } from "./advance.queue.ts";
import type { WithLog } from "./ingest.blob.ts";
import { createLogger, type LogSink } from "./logger.ts";

/** The queue to which the host moves events of blobs that failed, in the account of the uploads. */
export const BLOB_POISON_QUEUE = "webjobs-blobtrigger-poison";

/** Parts of the host's own message about a blob, as it copies it to the poison queue. */
const blobMessageSchema = z.object({
  ContainerName: z.string().min(1),
  BlobName: z.string().min(1),
});

/**
 * Ends the request of a poisoned work message. One that cannot be read throws: the host then leaves it
 * in the poison queue, where `/api/health` reports it.
 */
export function makePoisonedWorkHandler(
  process: WithLog<AdvanceContext>,
): StorageQueueHandler<unknown> {
  return async (message: unknown, invocation: LogSink) => {
    const { requestId } = workMessageSchema.parse(message);
    await failPoisonedStep(requestId, { ...process, log: createLogger(invocation) });
  };
}

/** Ends the request of an upload whose event is poisoned; what cannot be read stays, as above. */
export function makePoisonedUploadHandler(
  process: WithLog<AdvanceContext & IngestContext>,
): StorageQueueHandler<unknown> {
  return async (message: unknown, invocation: LogSink) => {
    const { ContainerName, BlobName } = blobMessageSchema.parse(message);
    const ref = { container: ContainerName, name: BlobName };
    await failPoisonedUpload(ref, { ...process, log: createLogger(invocation) });
  };
}
