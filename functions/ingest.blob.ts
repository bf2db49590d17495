import type { StorageBlobHandler } from "@azure/functions";
import { type IngestContext, ingest } from "../shared/flow/ingest.ts";
import type { BlobRef } from "../shared/image/image-request.ts";
import { requireBlobReference } from "./blob-reference.ts";
import { createLogger, type LogSink, type WithLog } from "./logger.ts";

/** Opens a request for an uploaded blob. */
export function makeHandler(process: WithLog<IngestContext>): StorageBlobHandler<BlobRef> {
  return async (blob: BlobRef, invocation: LogSink) => {
    await ingest(requireBlobReference(blob), { ...process, log: createLogger(invocation) });
  };
}
