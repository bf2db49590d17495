import type { StorageQueueHandler } from "@azure/functions";
import * as z from "zod";
import type { AdvanceContext } from "../shared/flow/advance.ts";
import type { IngestContext } from "../shared/flow/ingest.ts";
import { failPoisonedStep, failPoisonedUpload } from "../shared/flow/poison.ts";
import { workMessageSchema } from "./advance.queue.ts";
import type { WithLog } from "./logger.ts";
import { createLogger, type LogSink } from "./logger.ts";

/** The invocation, with how often the host has delivered the message. */
interface PoisonDelivery extends LogSink {
  readonly triggerMetadata?: Readonly<Record<string, unknown>> | undefined;
}

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
  return async (message: unknown, invocation: PoisonDelivery) => {
    const log = createLogger(invocation);
    const { data, error } = workMessageSchema.safeParse(message);
    tellOnce("work", data?.requestId ?? null, invocation, { ...process, log });
    if (data === undefined) throw error;
    await failPoisonedStep(data.requestId, { ...process, log });
  };
}

/** Ends the request of an upload whose event is poisoned; what cannot be read stays, as above. */
export function makePoisonedUploadHandler(
  process: WithLog<AdvanceContext & IngestContext>,
): StorageQueueHandler<unknown> {
  return async (message: unknown, invocation: PoisonDelivery) => {
    const log = createLogger(invocation);
    const { data, error } = blobMessageSchema.safeParse(message);
    tellOnce("upload", data?.BlobName ?? null, invocation, { ...process, log });
    if (data === undefined) throw error;
    const ref = { container: data.ContainerName, name: data.BlobName };
    await failPoisonedUpload(ref, { ...process, log });
  };
}

/** Logs and counts a message that the host gave up, at its first delivery; `about` is null if it cannot be read. */
function tellOnce(
  queue: "work" | "upload",
  about: string | null,
  { triggerMetadata }: PoisonDelivery,
  context: Pick<AdvanceContext, "log" | "telemetry">,
): void {
  if (Number(triggerMetadata?.dequeueCount ?? 1) > 1) return;
  context.log.error("poison.message", { queue, about });
  context.telemetry.measure("vhd_to_image.poisoned", 1, { queue });
}
