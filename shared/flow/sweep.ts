import { RecordConflictError } from "../errors.ts";
import { findNameProblem } from "../image/blob-name.ts";
import type { BlobProperties } from "../ports.ts";
import { addSeconds } from "../record/transitions.ts";
import { kindOf, LAST_SWEEP, requestIdOfBlob } from "../stages/upload-kind.ts";
import { type IngestContext, openRequest } from "./ingest.ts";
import { type RemovalContext, removeOldRecords } from "./remove-old-records.ts";
import { removeTargets, type TargetRemovalContext } from "./remove-targets.ts";
import { queueOf } from "./step-message.ts";

/** Overdue requests that one sweep restarts. */
const MAX_OVERDUE = 500;
/** Looks this far back behind the start of the last complete round, in seconds. */
export const OVERLAP_SECONDS = 600;

/** Note with the start and the cursor of a round that takes several sweeps; empty between rounds. */
const SWEEP_ROUND = "sweep-round";

/** What a sweep works with. */
export type SweepContext = IngestContext & RemovalContext & TargetRemovalContext;

/** What a sweep found. */
export interface SweepResult {
  readonly overdue: number;
  readonly uploads: number;
}

/**
 * Restarts what is stuck: requests whose next step is overdue, and uploads for which no
 * event came. Both are harmless for requests that are on their way. At last it removes a few of the
 * requests that need not be kept any more.
 */
export async function sweep(context: SweepContext): Promise<SweepResult> {
  const overdue = await wakeOverdue(context);
  const uploads = await findUnseenUploads(context);
  context.log.info("sweep.done", { overdue, uploads });
  await removeOldRecords(context);
  await removeTargets(context);
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
 * message time to be processed. What progressed since it was listed is left alone: an ended request that
 * was given a due time would keep it, and be sent for by every sweep from then on.
 */
async function wake(requestId: string, before: Date, context: IngestContext): Promise<boolean> {
  const stored = await context.records.get(requestId);
  const dueAt = stored?.record.dueAt ?? null;
  if (stored === null || dueAt === null || new Date(dueAt) >= before) return false;
  await queueOf(stored.record, context).send({ requestId }, 0);
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

/** How far the present round through the container has come. */
interface Round {
  readonly startedAt: string;
  /** Null at its beginning. */
  readonly cursor: string | null;
}

/**
 * Opens requests for blobs that no event told of. One sweep lists one page of the container and the next
 * one continues there, so that it costs the same however many blobs there are (ADR 24); only those written
 * since the last complete round began are looked up.
 */
async function findUnseenUploads(context: IngestContext): Promise<number> {
  const round = await readRound(context);
  const note = await context.records.getNote(LAST_SWEEP);
  const since = note === null ? null : addSeconds(new Date(note), -OVERLAP_SECONDS);
  const page = await context.blobs.list(context.uploadsContainer, { cursor: round.cursor });
  let found = 0;
  for (const blob of page.blobs) {
    const isOld = since !== null && blob.lastModified < since;
    if (!isOld && (await openUnseen(blob, context))) found += 1;
  }
  await noteRound({ ...round, cursor: page.cursor }, context);
  return found;
}

/** Whether the blob is an upload that had no request. */
async function openUnseen(blob: BlobProperties, context: IngestContext): Promise<boolean> {
  const kind = kindOf(blob.name);
  if (kind === null || findNameProblem(blob.name) !== null) return false;
  if ((await context.records.get(requestIdOfBlob(kind, blob))) !== null) return false;
  // Each upload has a trace of its own, as if its event had come.
  const options = { parent: null, attributes: { "vhd_to_image.source": blob.name } };
  return context.telemetry.span("ingest", options, () => openRequest(kind, blob, context));
}

/** The round that is under way, or a new one. */
async function readRound({ records, clock }: IngestContext): Promise<Round> {
  const startedAt = clock().toISOString();
  const note = await records.getNote(SWEEP_ROUND);
  if (note === null || note === "") return { startedAt, cursor: null };
  const separator = note.indexOf(" ");
  return { startedAt: note.slice(0, separator), cursor: note.slice(separator + 1) };
}

/** Notes where the next sweep continues; after the last page, up to when all uploads have been seen. */
async function noteRound({ startedAt, cursor }: Round, { records }: IngestContext): Promise<void> {
  if (cursor === null) await records.putNote(LAST_SWEEP, startedAt);
  await records.putNote(SWEEP_ROUND, cursor === null ? "" : `${startedAt} ${cursor}`);
}
