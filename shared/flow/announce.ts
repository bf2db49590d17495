import { toCloudEvent } from "../events.ts";
import type { Logger, RecordStore, StatusQueue, StoredRecord } from "../ports.ts";
import {
  eventBefore,
  type RequestEvent,
  type RequestRecord,
  unannounced,
} from "../record/record.ts";
import { isTerminal } from "../record/states.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";

/** What it takes to announce state changes. */
export interface AnnounceContext {
  readonly records: RecordStore;
  readonly statusQueue: StatusQueue;
  readonly log: Logger;
  readonly telemetry: Telemetry;
  /** The app's storage account. */
  readonly account: string;
}

/**
 * Puts every event of the history that is not known to be on the status queue there, and notes it.
 * After a crash in between an event comes twice, with the same id; none is ever left out.
 * @throws RecordConflictError when the record was saved by another invocation in the meantime meanwhile.
 */
export async function announce(
  stored: StoredRecord,
  context: AnnounceContext,
): Promise<StoredRecord> {
  const { record } = stored;
  const events = unannounced(record);
  if (events.length === 0) return stored;
  for (const event of events)
    await context.statusQueue.publish(toCloudEvent(record, event, context.account));
  const announced = {
    ...record,
    announced: record.events.length,
    dueAt: isTerminal(record.state) ? null : record.dueAt,
  };
  const etag = await context.records.save(announced, stored);
  // Of all who may have published an event, one alone gets here: so a change is counted once.
  for (const event of events) tellChange(record, event, context);
  return { record: announced, etag };
}

/** Logs and counts one state change, and how long the state before it lasted. */
function tellChange(record: RequestRecord, event: RequestEvent, context: AnnounceContext): void {
  if (event.region !== undefined) {
    const { requestId } = record;
    context.log.info("request.region", { requestId, ...event.region, message: event.message });
    return;
  }
  const before = eventBefore(record, event);
  context.log.info("request.state", {
    requestId: record.requestId,
    source: record.source.name,
    from: before?.state ?? null,
    to: event.state,
    message: event.message,
  });
  if (before?.state === event.state) return;
  context.telemetry.measure("vhd_to_image.requests", 1, { state: event.state });
  if (before === null) return;
  const seconds = (Date.parse(event.at) - Date.parse(before.at)) / 1000;
  context.telemetry.measure("vhd_to_image.state.duration", seconds, { state: before.state });
}
