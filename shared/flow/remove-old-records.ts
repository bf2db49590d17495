import { RecordConflictError } from "../errors.ts";
import { familyOf } from "../metadata/vhd-name.ts";
import type { Clock, Logger, RecordStore } from "../ports.ts";
import { type RequestRecord, unannounced } from "../record/record.ts";
import type { Timing } from "../record/timing.ts";
import { addSeconds } from "../record/transitions.ts";
import { type NeedContext, readNeed } from "./read-need.ts";

/** What it takes to remove requests that need not be kept any more. */
export interface RemovalContext extends NeedContext {
  readonly records: RecordStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly timing: Timing;
}

/** Requests that one sweep looks at; each costs a few reads of storage and perhaps one of Azure. */
export const RECORDS_PER_SWEEP = 20;
/** Claims that one sweep looks at; each costs one read of the table. */
export const CLAIMS_PER_SWEEP = 50;
/** A round begins no sooner than this after the start of the last one: what is kept is checked again. */
const ROUND_SECONDS = 24 * 3600;

/** Note with the place of the round through old requests. */
const REMOVAL_ROUND = "removal-round";

/** A round goes first through the requests, then through the claims. */
const PHASES = ["records", "claims", "done"] as const;

/** How far a round has come. */
interface Round {
  readonly startedAt: string;
  readonly phase: (typeof PHASES)[number];
  /** Null at the beginning of a phase. */
  readonly cursor: string | null;
}

/**
 * One bounded step of removing requests that ended longer ago than they are to be kept (ADR 25). A
 * record goes with its index rows in one transaction, after its notes: whatever a crash leaves behind
 * is still reached through the record. Claims are found by themselves, since a record does not list
 * them; those without a record go.
 */
export async function removeOldRecords(context: RemovalContext): Promise<void> {
  const { timing, clock } = context;
  const endedBefore = addSeconds(clock(), -timing.keepRecordsSeconds);
  if (timing.keepRecordsSeconds === 0 || !(endedBefore.getTime() > 0)) return;
  const round = await readRound(context);
  if (round === null) return;
  const next = await (round.phase === "records"
    ? walkRecords(round, endedBefore, context)
    : walkClaims(round, context));
  await context.records.putNote(REMOVAL_ROUND, JSON.stringify(next));
}

async function walkRecords(
  round: Round,
  endedBefore: Date,
  context: RemovalContext,
): Promise<Round> {
  const step = { limit: RECORDS_PER_SWEEP, cursor: round.cursor };
  const { ids, cursor } = await context.records.listOpenedUpTo(endedBefore, step);
  let removed = 0;
  for (const requestId of ids) {
    if (await removeIfOld(requestId, endedBefore, context)) removed += 1;
  }
  if (removed > 0) context.log.info("records.removed", { removed });
  return { ...round, cursor, phase: cursor === null ? "claims" : "records" };
}

/** One request that cannot be read, or judged, keeps none of the others. */
async function removeIfOld(
  requestId: string,
  endedBefore: Date,
  context: RemovalContext,
): Promise<boolean> {
  try {
    const stored = await context.records.get(requestId);
    if (stored === null || !isOver(stored.record, endedBefore)) return false;
    const need = await readNeed(stored.record, context);
    if (need.isNeeded) return false;
    for (const { key, text } of need.notes) await context.records.removeNote(key, text);
    await forgetDiskName(stored.record, context);
    await context.records.remove(stored);
    return true;
  } catch (error) {
    if (!(error instanceof RecordConflictError)) {
      context.log.warn("record.not-removed", { requestId, error: String(error) });
    }
    return false;
  }
}

/** Whether a request ended before a time, and nothing of it is left to be done or announced. */
function isOver(record: RequestRecord, before: Date): boolean {
  const { completedAt, dueAt } = record;
  if (completedAt === null || dueAt !== null || unannounced(record).length > 0) return false;
  return Date.parse(completedAt) < before.getTime();
}

/** Forgets the name of the upload as that of a disk, unless there is a new upload of that name. */
async function forgetDiskName(
  { kind, source }: RequestRecord,
  { records, blobs }: RemovalContext,
): Promise<void> {
  if (kind !== "vhd") return;
  const isGone = async () => (await blobs.getProperties(source)) === null;
  await records.removeDiskName(source, familyOf(source.name) ?? source.name, isGone);
}

async function walkClaims(round: Round, { records, log }: RemovalContext): Promise<Round> {
  const step = { limit: CLAIMS_PER_SWEEP, cursor: round.cursor };
  const { claims, cursor } = await records.listAllClaims(step);
  for (const { key, requestId } of claims) {
    try {
      if ((await records.get(requestId)) === null) await records.removeClaim(key);
    } catch (error) {
      log.warn("record.not-removed", { requestId, error: String(error) });
    }
  }
  return { ...round, cursor, phase: cursor === null ? "done" : "claims" };
}

/** The round that is under way or due; null while it is too early for the next one. */
async function readRound({ records, clock, timing }: RemovalContext): Promise<Round | null> {
  const now = clock();
  const begin: Round = { startedAt: now.toISOString(), phase: "records", cursor: null };
  const note = await records.getNote(REMOVAL_ROUND);
  if (note === null) return begin;
  const round = parseRound(note);
  if (round?.phase !== "done") return round ?? begin;
  const pause = Math.min(ROUND_SECONDS, timing.keepRecordsSeconds);
  return addSeconds(new Date(round.startedAt), pause) <= now ? begin : null;
}

/** The round in a note; null for one that this version did not write. */
function parseRound(note: string): Round | null {
  try {
    const { startedAt, phase, cursor } = JSON.parse(note);
    const isOurs = Number.isFinite(Date.parse(startedAt)) && PHASES.includes(phase);
    return isOurs ? { startedAt, phase, cursor } : null;
  } catch {
    return null;
  }
}
