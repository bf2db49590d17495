import type { RecordStore } from "../ports.ts";
import type { RequestRecord } from "../record/record.ts";
import { takeRecord } from "./take-record.ts";

/**
 * Notes on the record of a retried request which request retries it. Repeated without harm: whoever
 * opens the retry does it, and the retry's first step does it again in case that process died. Nothing
 * else of a request that has ended ever changes.
 * @throws RecordConflictError when others keep saving the record.
 */
export async function noteRetry(
  { requestId, retryOf }: Pick<RequestRecord, "requestId" | "retryOf">,
  context: { readonly records: RecordStore },
): Promise<void> {
  if (retryOf === null) return;
  await takeRecord(retryOf, context, async (stored) => {
    if (stored === null || stored.record.retriedBy !== null) return;
    await context.records.save({ ...stored.record, retriedBy: requestId }, stored);
  });
}
