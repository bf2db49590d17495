import {
  type BuildNote,
  buildNoteKey,
  digestSources,
  parseBuildNote,
} from "../record/build-note.ts";
import type { DiskProgress, RequestRecord } from "../record/record.ts";
import { isTerminal } from "../record/states.ts";
import type { StageContext } from "./stage.ts";

/** What is known of who made a resource, as it was read. */
export interface Build {
  readonly id: string;
  /** As stored in the table; replaced only while unchanged. */
  readonly text: string | null;
  readonly note: BuildNote | null;
  /** The request that wrote the note; null when it is not kept any more. */
  readonly builder: RequestRecord | null;
}

/** Reads the note of a resource id, and the request that wrote it. */
export async function readBuild(
  id: string,
  record: RequestRecord,
  context: StageContext,
): Promise<Build> {
  const text = await context.records.getNote(buildNoteKey(id));
  const note = text === null ? null : parseBuildNote(text);
  if (note === null || note.requestId === record.requestId) {
    return { id, text, note, builder: note && record };
  }
  const stored = await context.records.get(note.requestId);
  return { id, text, note, builder: stored?.record ?? null };
}

/** Whether the note is this request's. */
export function isOwnBuild({ note }: Build, { requestId }: RequestRecord): boolean {
  return note?.requestId === requestId;
}

/** Another request that holds the resource: it is open and may send a PUT at any time. */
export function holderOf({ note, builder }: Build, { requestId }: RequestRecord): string | null {
  const isHeld = note !== null && builder !== null && !isTerminal(builder.state);
  return isHeld && note.requestId !== requestId ? note.requestId : null;
}

/**
 * Notes that this request is the one that makes the resource. False when another request has put its
 * note there since it was read.
 */
export async function claimBuild(
  build: Build,
  record: RequestRecord,
  context: StageContext,
): Promise<boolean> {
  const { requestId } = record;
  const sources = digestSources(record);
  if (isOwnBuild(build, record) && build.note?.sources === sources) return true;
  const note: BuildNote = { requestId, sources, at: context.clock().toISOString() };
  return context.records.swapNote(buildNoteKey(build.id), build.text, JSON.stringify(note));
}

/**
 * Why an existing resource is not, or not known to be, what this upload would become although it has
 * the same properties; null when it was made from these very sources.
 */
export function explainOtherBuild(build: Build, record: RequestRecord): string | null {
  const { note, builder } = build;
  if (note === null) {
    return "the upload that it was created from is unknown: no request of this app has recorded it";
  }
  if (isOwnBuild(build, record)) {
    return "was created by another client before Azure accepted this request";
  }
  if (note.sources === digestSources(record)) return null;
  const stale = builder && findStaleDisk(record, builder);
  return stale
    ? `was built from an earlier upload of ${stale} (request ${note.requestId})`
    : `was built from other disks on ${note.at} (request ${note.requestId})`;
}

/** Warnings that an image of an earlier request deserves: what it was made from cannot be compared. */
export function warnOfResources({ note }: Build, record: RequestRecord): readonly string[] {
  return record.disks.flatMap(({ external }) =>
    external === null
      ? []
      : [
          `Request ${note?.requestId} created the image from ${external} on ${note?.at}; whether that source has changed since cannot be checked.`,
        ],
  );
}

/** The blob of a request that another one used in another version. */
function findStaleDisk(record: RequestRecord, builder: RequestRecord): string | null {
  const isOther = ({ ref, observed }: DiskProgress): boolean =>
    builder.disks.some(
      (other) =>
        ref !== null &&
        other.ref?.name === ref.name &&
        other.ref.container === ref.container &&
        other.observed?.etag !== observed?.etag,
    );
  return record.disks.find(isOther)?.ref?.name ?? null;
}
