import { targetNoteKey } from "../conversion/target-name.ts";
import type { PageTargets } from "../page-targets.ts";
import type { Clock, Logger, RecordStore } from "../ports.ts";
import type { Conversion } from "../record/conversion.ts";
import type { RequestRecord } from "../record/record.ts";
import { isTerminal } from "../record/states.ts";
import type { Timing } from "../record/timing.ts";
import { addSeconds } from "../record/transitions.ts";
import { findOtherWriter, readTargetNote, releaseTarget } from "./target-note.ts";

/** What it takes to remove the target of a conversion that does not go on. */
export interface DiscardContext {
  readonly records: RecordStore;
  readonly targets: PageTargets;
  readonly clock: Clock;
  readonly timing: Timing;
  readonly log: Logger;
}

const MAX_RACES = 5;

/**
 * Removes what an ended request has converted in part. May be repeated; what cannot be removed now goes by
 * the sweep, so that it never keeps a request from its end.
 */
export async function discardUnfinished(
  record: RequestRecord,
  context: DiscardContext,
): Promise<void> {
  // Before that nothing was written.
  if (!record.events.some(({ state }) => state === "converting")) return;
  for (const { conversion } of record.disks) {
    if (conversion === null || conversion.isDone) continue;
    await discardTarget(conversion, record.requestId, context);
  }
}

/**
 * Removes the unfinished target of a request, and its note. It stays when another request converts or uses
 * it: that one takes over at once.
 */
export async function discardTarget(
  conversion: Pick<Conversion, "to">,
  requestId: string,
  context: DiscardContext,
): Promise<void> {
  const { to } = conversion;
  try {
    const own = await takeForRemoval(conversion, requestId, context);
    if (own === null) return;
    await context.targets.remove(to);
    const isRemoved = await context.records.removeNote(targetNoteKey(conversion), own);
    // Whoever came in between waits for the writer, and finds no target.
    if (!isRemoved) await releaseTarget(conversion, requestId, context.records);
    context.log.info("convert.target.removed", { name: to.name });
  } catch (error) {
    context.log.warn("convert.target.kept", { name: to.name, reason: String(error) });
  }
}

/** Whether a request has completed the conversion to a target. */
export function hasFinished({ disks }: RequestRecord, name: string): boolean {
  return disks.some(({ conversion }) => conversion?.to.name === name && conversion.isDone);
}

/** Makes the request the target's writer and returns the note's text; null when the target is to stay. */
async function takeForRemoval(
  target: Pick<Conversion, "to">,
  requestId: string,
  { records, clock, timing }: DiscardContext,
): Promise<string | null> {
  for (let race = 0; race < MAX_RACES; race++) {
    const { text, note } = await readTargetNote(target, records);
    const now = clock();
    if (findOtherWriter(note, requestId, now) !== null) return null;
    const others = note.users.filter((user) => user !== requestId);
    if (await isUsed(target.to.name, others, records)) {
      await releaseTarget(target, requestId, records);
      return null;
    }
    const until = addSeconds(now, timing.overdueSeconds).toISOString();
    const taken = JSON.stringify({ users: note.users, writer: requestId, until });
    if (await records.swapNote(targetNoteKey(target), text, taken)) return taken;
  }
  return null;
}

async function isUsed(
  name: string,
  users: readonly string[],
  records: RecordStore,
): Promise<boolean> {
  const reads = users.map(async (requestId) => (await records.get(requestId))?.record);
  return (await Promise.all(reads)).some(
    (user) => user !== undefined && (isConverting(user, name) || hasFinished(user, name)),
  );
}

function isConverting({ state, disks }: RequestRecord, name: string): boolean {
  return !isTerminal(state) && disks.some(({ conversion }) => conversion?.to.name === name);
}
