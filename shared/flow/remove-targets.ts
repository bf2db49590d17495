import { isTargetName, TARGET_MARK, targetNoteKey } from "../conversion/target-name.ts";
import { PageCallError, type PageTargets } from "../page-targets.ts";
import type { BlobProperties, BlobStore, Clock, Logger, RecordStore } from "../ports.ts";
import type { ConversionSettings } from "../record/conversion-settings.ts";
import type { RequestRecord } from "../record/record.ts";
import { isTerminal } from "../record/states.ts";
import type { Timing } from "../record/timing.ts";
import { addSeconds } from "../record/transitions.ts";
import { hasFinished } from "../stages/discard-target.ts";
import { readTargetNote } from "../stages/target-note.ts";

/** What it takes to remove converted disks that nobody needs any more. */
export interface TargetRemovalContext {
  readonly blobs: BlobStore;
  readonly targets: PageTargets;
  readonly records: RecordStore;
  readonly conversion: ConversionSettings;
  readonly timing: Timing;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Note with the place at which the next sweep goes on in the container; empty at its beginning. */
const CURSOR_NOTE = "converted-sweep";
/** Targets that one sweep checks, each by a few reads. */
const CHECKED_AT_ONCE = 50;

/**
 * Removes converted disks that no request needs: at once those of which the conversion ended unfinished,
 * the others when the last request that uses them has ended for so long. One that a managed image was
 * made from is kept. Only blobs are touched whose name and metadata are a target's, in the one container;
 * never an upload. One sweep takes one page, so that it costs the same however many there are.
 */
export async function removeTargets(context: TargetRemovalContext): Promise<number> {
  const { container } = context.conversion;
  const cursor = (await context.records.getNote(CURSOR_NOTE)) || null;
  // The cursor of a page says how many of its blobs have been checked, too.
  const [token = "", skipped = "0"] = (cursor ?? "").split(" ");
  const page = await context.blobs.list(container, { cursor: token === "" ? null : token });
  const start = Number(skipped);
  const end = start + CHECKED_AT_ONCE;
  let removed = 0;
  for (const blob of page.blobs.slice(start, end)) {
    if (await removeIfUseless(blob, context)) removed += 1;
  }
  const isPageDone = end >= page.blobs.length;
  const next = isPageDone ? (page.cursor ?? "") : `${token} ${end}`;
  if (next !== (cursor ?? "")) await context.records.putNote(CURSOR_NOTE, next);
  return removed;
}

async function removeIfUseless(
  blob: BlobProperties,
  context: TargetRemovalContext,
): Promise<boolean> {
  if (!isTargetName(blob.name) || blob.metadata[TARGET_MARK] === undefined) return false;
  const to = { container: blob.container, name: blob.name };
  const { note, text } = await readTargetNote({ to }, context.records);
  if (note.until !== null && context.clock() < new Date(note.until)) return false;
  const reads = note.users.map(async (requestId) => (await context.records.get(requestId))?.record);
  const users = (await Promise.all(reads)).filter((user) => user !== undefined);
  if (isNeeded(blob, users, context)) return false;
  try {
    await context.targets.remove(to);
  } catch (error) {
    if (!(error instanceof PageCallError)) throw error;
    return false;
  }
  if (text !== null) await context.records.removeNote(noteKeyOf(to.name), text);
  context.log.info("convert.target.removed", { name: blob.name });
  return true;
}

/** Whether a request converts or uses the disk, or may be retried with it for some time. */
function isNeeded(
  blob: BlobProperties,
  users: readonly RequestRecord[],
  { clock, conversion, timing }: TargetRemovalContext,
): boolean {
  const now = clock();
  if (users.some(({ state }) => !isTerminal(state))) return true;
  // Whoever creates a target has noted itself before; a moment is for clocks that differ.
  if (users.length === 0) return now < addSeconds(blob.createdOn, timing.overdueSeconds);
  if (!users.some((user) => hasFinished(user, blob.name))) return false;
  if (users.some(madeManagedImage)) return true;
  if (conversion.keepSeconds === 0) return true;
  const ends = users.map(({ completedAt, updatedAt }) => Date.parse(completedAt ?? updatedAt));
  return now < addSeconds(new Date(Math.max(...ends)), conversion.keepSeconds);
}

/** Azure does not say whether a managed image needs its blob afterwards. */
function madeManagedImage({ outputs }: RequestRecord): boolean {
  return outputs.some(({ kind, state }) => kind === "managedImage" && state === "succeeded");
}

function noteKeyOf(name: string): string {
  return targetNoteKey({ to: { container: "", name } });
}
