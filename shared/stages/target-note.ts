import { targetNoteKey } from "../conversion/target-name.ts";
import type { RecordStore } from "../ports.ts";
import type { Conversion } from "../record/conversion.ts";
import { type TargetNote, targetNoteSchema } from "../record/target-note.ts";
import { addSeconds } from "../record/transitions.ts";

/** The note as it is stored, to be replaced only while unchanged. */
export interface StoredTargetNote {
  readonly text: string | null;
  readonly note: TargetNote;
}

const NOBODY: TargetNote = { users: [], writer: null, until: null };
/** Requests that are remembered; retries of one upload, mostly. */
const MAX_USERS = 100;
const MAX_RACES = 5;

type Notes = Pick<RecordStore, "getNote" | "swapNote">;
type Target = Pick<Conversion, "to">;

/** Reads the note of a target; one that cannot be read names nobody. */
export async function readTargetNote(target: Target, records: Notes): Promise<StoredTargetNote> {
  const text = await records.getNote(targetNoteKey(target));
  if (text === null || text === "") return { text, note: NOBODY };
  try {
    return { text, note: targetNoteSchema.parse(JSON.parse(text)) };
  } catch {
    return { text, note: NOBODY };
  }
}

/** The other request that may write a target now; null when there is none. */
export function findOtherWriter(
  { writer, until }: TargetNote,
  requestId: string,
  now: Date,
): string | null {
  const isHeld = until !== null && now < new Date(until);
  return isHeld && writer !== requestId ? writer : null;
}

/**
 * Makes the request the writer of a target for some seconds, and one of its users. Returns null, or the
 * request that writes it already.
 */
export async function takeTarget(
  target: Target,
  requestId: string,
  { records, now, seconds }: { records: Notes; now: Date; seconds: number },
): Promise<string | null> {
  for (let race = 0; race < MAX_RACES; race++) {
    const { text, note } = await readTargetNote(target, records);
    const writer = findOtherWriter(note, requestId, now);
    if (writer !== null) return addUser(target, requestId, records).then(() => writer);
    const users = withUser(note.users, requestId);
    const taken = { users, writer: requestId, until: addSeconds(now, seconds).toISOString() };
    if (await records.swapNote(targetNoteKey(target), text, JSON.stringify(taken))) return null;
  }
  return "another request";
}

/** Lets others write a target at once. It remains noted that the request uses it. */
export async function releaseTarget(
  target: Target,
  requestId: string,
  records: Notes,
): Promise<void> {
  for (let race = 0; race < MAX_RACES; race++) {
    const { text, note } = await readTargetNote(target, records);
    if (note.writer !== requestId) return;
    const released = JSON.stringify({ ...note, writer: null, until: null });
    if (await records.swapNote(targetNoteKey(target), text, released)) return;
  }
}

async function addUser(target: Target, requestId: string, records: Notes): Promise<void> {
  for (let race = 0; race < MAX_RACES; race++) {
    const { text, note } = await readTargetNote(target, records);
    if (note.users.includes(requestId)) return;
    const users = withUser(note.users, requestId);
    const added = JSON.stringify({ ...note, users });
    if (await records.swapNote(targetNoteKey(target), text, added)) return;
  }
}

function withUser(users: readonly string[], requestId: string): string[] {
  return users.includes(requestId) ? [...users] : [...users, requestId].slice(-MAX_USERS);
}
