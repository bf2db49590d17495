import { findNameProblem } from "../image/blob-name.ts";
import { LIMITS } from "../limits.ts";
import type { BlobProperties, StoredRecord } from "../ports.ts";
import { addSeconds } from "../record/transitions.ts";
import type { StageContext } from "./stage.ts";
import { kindOf, LAST_SWEEP, requestIdOfBlob } from "./upload-kind.ts";

/** Requests checked for unread manifests; they leave the state `received` within a moment. */
const UNREAD_LOOK = 50;
/** An event that is later than this is found by the sweep. Seconds. */
const RECENT_SECONDS = 300;
/** How far the clocks of app and storage may be apart. Seconds. */
const CLOCK_SECONDS = 15;

/** Where a VHD looks for manifests that may name it. */
export interface Surroundings {
  readonly container: string;
  /** Only manifests count that were written by then: they may keep coming. */
  readonly writtenBy: Date;
  /** Blobs whose names begin like the VHD's, which the caller has listed. */
  readonly neighbors: readonly BlobProperties[];
}

/** Manifests that somebody uploaded and nobody has read. */
export interface UnreadManifests {
  readonly areThere: boolean;
  /** Requests of those that have one: their first step may have been lost with a process. */
  readonly requestIds: readonly string[];
}

/**
 * Looks for manifests that were uploaded and that nobody has read yet: each may name any VHD, so none is
 * decided on before. Of some there is a record in its first state, of others not even that: their events
 * are late. Those are looked for among the VHD's neighbors and on one page of the container, however
 * many blobs there are (ADR 24): the cost does not grow with what was uploaded before.
 */
export async function findUnreadManifests(
  { container, writtenBy, neighbors }: Surroundings,
  context: StageContext,
): Promise<UnreadManifests> {
  const { records } = await context.records.list({ state: "received", limit: UNREAD_LOOK });
  const requestIds = records
    .filter(({ kind, source }) => kind === "manifest" && new Date(source.lastModified) <= writtenBy)
    .map(({ requestId }) => requestId);
  if (requestIds.length > 0) return { areThere: true, requestIds };
  const page = await context.blobs.list(container, { cursor: null });
  const unswept = await pickUnswept([...neighbors, ...page.blobs], writtenBy, context);
  const stored = await Promise.all(
    unswept.map((manifest) => context.records.get(requestIdOfBlob("manifest", manifest))),
  );
  // One that was opened since the first look is there, but has not been read either.
  const isUnread = (found: StoredRecord | null): boolean =>
    found === null || found.record.state === "received";
  return { areThere: stored.some(isUnread), requestIds: [] };
}

/** Manifests that were written since the last sweep, or a moment ago: it has found the older ones. */
async function pickUnswept(
  blobs: readonly BlobProperties[],
  writtenBy: Date,
  context: StageContext,
): Promise<readonly BlobProperties[]> {
  const note = await context.records.getNote(LAST_SWEEP);
  const sweptAt = note === null ? new Date(0) : addSeconds(new Date(note), -CLOCK_SECONDS);
  const manifests = blobs.filter(
    ({ name, lastModified, readAt }) =>
      kindOf(name) === "manifest" &&
      lastModified >= sweptAt &&
      lastModified <= writtenBy &&
      findNameProblem(name) === null &&
      readAt.getTime() - lastModified.getTime() < RECENT_SECONDS * 1000,
  );
  const unique = new Map(manifests.map((manifest) => [manifest.name, manifest]));
  return [...unique.values()].slice(0, LIMITS.lateManifests.limit);
}
