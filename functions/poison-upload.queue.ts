import type { StorageQueueHandler } from "@azure/functions";
import * as z from "zod";
import type { AdvanceContext } from "../shared/flow/advance.ts";
import type { IngestContext } from "../shared/flow/ingest.ts";
import { failPoisonedUpload } from "../shared/flow/poison.ts";
import { createLogger, type WithLog } from "./logger.ts";
import { type PoisonDelivery, reportPoisonOnce } from "./poison-delivery.ts";

/** Parts of the host's own message about a blob, as it copies it to the poison queue. */
const blobMessageSchema = z.object({
  ContainerName: z.string().min(1),
  BlobName: z.string().min(1),
});

/**
 * Ends the request of an upload whose event is poisoned. A message that cannot be read throws: the host
 * then leaves it in the poison queue, where `/api/health` reports it.
 */
export function makeHandler(
  process: WithLog<AdvanceContext & IngestContext>,
): StorageQueueHandler<unknown> {
  return async (message: unknown, invocation: PoisonDelivery) => {
    const context = { ...process, log: createLogger(invocation) };
    const { data, error } = blobMessageSchema.safeParse(message);
    reportPoisonOnce("upload", data?.BlobName ?? null, invocation, context);
    if (data === undefined) throw error;
    await failPoisonedUpload({ container: data.ContainerName, name: data.BlobName }, context);
  };
}
