import { RecordConflictError } from "../errors.ts";
import { findNameProblem } from "../image/blob-name.ts";
import { addSeconds } from "../record/transitions.ts";
import { kindOf, LAST_SWEEP, requestIdOfBlob } from "../stages/upload-kind.ts";
import { type IngestContext, openRequest } from "./ingest.ts";

/** Overdue requests that one sweep sets going again. */
const MAX_OVERDUE = 500;
/** Looks this far back behind the start of the last complete sweep, in seconds. */
export const OVERLAP_SECONDS = 600;

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
  let woken = 0;
  for (const requestId of await context.records.listDue(before, MAX_OVERDUE)) {
    if (await wake(requestId, before, context)) woken += 1;
  }
  return woken;
}

/**
 * Sends for the next step of a request and moves its due time on, so that the next sweep gives the
 * message time to be worked on. What got on since it was listed is left alone: an ended request that
 * was given a due time would keep it, and be sent for by every sweep from then on.
 */
async function wake(requestId: string, before: Date, context: IngestContext): Promise<boolean> {
  const stored = await context.records.get(requestId);
  const dueAt = stored?.record.dueAt ?? null;
  if (stored === null || dueAt === null || new Date(dueAt) >= before) return false;
  await context.workQueue.send({ requestId }, 0);
  context.log.warn("sweep.overdue", { requestId, state: stored.record.state, dueAt });
  context.telemetry.measure("vhd_to_image.overdue", 1, {});
  const record = { ...stored.record, dueAt: context.clock().toISOString() };
  try {
    await context.records.save(record, stored);
  } catch (error) {
    // Somebody is at work on the request: that is all the sweep wants.
    if (!(error instanceof RecordConflictError)) throw error;
  }
  return true;
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
      const isOld = since !== null && blob.lastModified < since;
      if (kind === null || isOld || findNameProblem(blob.name) !== null) continue;
      if ((await context.records.get(requestIdOfBlob(kind, blob))) !== null) continue;
      // Each upload has a trace of its own, as if its event had come.
      const options = { parent: null, attributes: { "vhd_to_image.source": blob.name } };
      const open = () => openRequest(kind, blob, context);
      if (await context.telemetry.span("ingest", options, open)) found += 1;
    }
    cursor = page.cursor;
  } while (cursor !== null);
  await context.records.putNote(LAST_SWEEP, startedAt.toISOString());
  return found;
}
