import { RecordConflictError } from "../errors.ts";
import { addSeconds } from "../request/transitions.ts";
import { type IngestContext, kindOf, openRequest, requestIdOfBlob } from "./ingest.ts";

/** Overdue requests that one sweep sets going again. */
const MAX_OVERDUE = 500;
/** Looks this far back behind the start of the last complete sweep, in seconds. */
const OVERLAP_SECONDS = 600;
const LAST_SWEEP = "last-complete-sweep";

/** What a sweep found. */
export interface SweepResult {
  readonly overdue: number;
  readonly uploads: number;
}

/**
 * Sets going again what stands still: requests whose next step is overdue, and uploads for which no
 * event came. Both are harmless for requests that are on their way.
 */
export async function sweep(context: IngestContext): Promise<SweepResult> {
  const overdue = await wakeOverdue(context);
  const uploads = await findUnseenUploads(context);
  context.log.info("sweep.done", { overdue, uploads });
  return { overdue, uploads };
}

async function wakeOverdue(context: IngestContext): Promise<number> {
  const before = addSeconds(context.clock(), -context.timing.overdueSeconds);
  const requestIds = await context.records.listDue(before, MAX_OVERDUE);
  for (const requestId of requestIds) {
    await context.workQueue.send({ requestId }, 0);
    await postpone(requestId, context);
    context.log.warn("sweep.overdue", { requestId });
  }
  return requestIds.length;
}

/** Moves the due time on, so that the next sweep gives the message time to be worked on. */
async function postpone(requestId: string, context: IngestContext): Promise<void> {
  const stored = await context.records.get(requestId);
  if (stored === null) return;
  const record = { ...stored.record, dueAt: context.clock().toISOString() };
  try {
    await context.records.save(record, stored);
  } catch (error) {
    // Somebody is at work on the request: that is all the sweep wants.
    if (!(error instanceof RecordConflictError)) throw error;
  }
}

/**
 * Opens requests for blobs that no event told of. The whole container is listed, but only blobs
 * written since the last complete sweep are looked up.
 */
async function findUnseenUploads(context: IngestContext): Promise<number> {
  const startedAt = context.clock();
  const note = await context.records.getNote(LAST_SWEEP);
  const since = note === null ? null : addSeconds(new Date(note), -OVERLAP_SECONDS);
  let found = 0;
  let cursor: string | null = null;
  do {
    const page = await context.blobs.list(context.uploadsContainer, { cursor });
    for (const blob of page.blobs) {
      const kind = kindOf(blob.name);
      if (kind === null || (since !== null && blob.lastModified < since)) continue;
      if ((await context.records.get(requestIdOfBlob(kind, blob))) !== null) continue;
      if (await openRequest(kind, blob, context)) found += 1;
    }
    cursor = page.cursor;
  } while (cursor !== null);
  await context.records.putNote(LAST_SWEEP, startedAt.toISOString());
  return found;
}
