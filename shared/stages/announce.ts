import { toCloudEvent } from "../events.ts";
import type { Logger, RecordStore, StatusQueue, StoredRecord } from "../ports.ts";
import { unannounced } from "../request/record.ts";
import { isTerminal } from "../request/states.ts";

/** What it takes to announce state changes. */
export interface AnnounceContext {
  readonly records: RecordStore;
  readonly statusQueue: StatusQueue;
  readonly log: Logger;
}

/**
 * Puts every event of the history that is not known to be on the status queue there, and notes it.
 * After a crash in between an event comes twice, with the same id; none is ever left out.
 * @throws RecordConflictError when the record was saved by somebody else meanwhile.
 */
export async function announce(
  stored: StoredRecord,
  context: AnnounceContext,
): Promise<StoredRecord> {
  const { record } = stored;
  const events = unannounced(record);
  if (events.length === 0) return stored;
  for (const event of events) {
    await context.statusQueue.publish(toCloudEvent(record, event));
    context.log.info("request.state", {
      requestId: record.requestId,
      source: record.source.name,
      state: event.state,
      message: event.message,
    });
  }
  const announced = {
    ...record,
    announced: record.events.length,
    dueAt: isTerminal(record.state) ? null : record.dueAt,
  };
  return { record: announced, etag: await context.records.save(announced, stored) };
}
