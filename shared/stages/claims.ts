import { findNameProblem } from "../image/blob-name.ts";
import type { BlobRef } from "../image/image-request.ts";
import type { BlobProperties } from "../ports.ts";
import type { RequestRecord } from "../record/record.ts";
import { isTerminal } from "../record/states.ts";
import { addSeconds } from "../record/transitions.ts";
import type { StageContext } from "./stage.ts";
import { kindOf, LAST_SWEEP, requestIdOfBlob } from "./upload-kind.ts";

/** Requests looked at for unread manifests; they leave the state `received` within a moment. */
const UNREAD_LOOK = 50;
/** An event that is later than this is found by the sweep. Seconds. */
const RECENT_SECONDS = 300;
/** How far the clocks of app and storage may be apart. Seconds. */
const CLOCK_SECONDS = 15;
/** Pages of the container that are looked through, of 1,000 blobs each. */
const MAX_PAGES = 20;

/**
 * Says which manifest a VHD belongs to; null when it belongs to none.
 *
 * A manifest speaks for a VHD as long as its request is open, as long as it is there unchanged, and
 * for ever for the very upload that it was carried out with.
 */
export async function findClaim(
  blob: BlobRef,
  createdOn: string,
  context: StageContext,
): Promise<string | null> {
  for (const requestId of await context.records.listClaims(blob)) {
    const stored = await context.records.get(requestId);
    if (stored !== null && (await holds(stored.record, blob, createdOn, context))) {
      return `is a disk of the manifest ${stored.record.source.name} (request ${requestId})`;
    }
  }
  return null;
}

async function holds(
  claimant: RequestRecord,
  blob: BlobRef,
  createdOn: string,
  context: StageContext,
): Promise<boolean> {
  if (!isTerminal(claimant.state)) return true;
  const used = claimant.disks.find(
    (disk) => disk.ref?.name === blob.name && disk.ref.container === blob.container,
  );
  if (claimant.state !== "canceled" && used?.observed?.createdOn === createdOn) return true;
  const manifest = await context.blobs.getProperties(claimant.source);
  return manifest?.etag === claimant.source.etag;
}

/**
 * Whether a manifest was uploaded that nobody has read yet: it may name any VHD, so none is decided
 * on before. Of some there is a record in its first state, of others not even that: their events are
 * late. Only those count that were written by a certain time: manifests may keep coming.
 */
export async function hasUnreadManifests(
  container: string,
  writtenBy: Date,
  context: StageContext,
): Promise<boolean> {
  const { records } = await context.records.list({ state: "received", limit: UNREAD_LOOK });
  const isUnread = ({ kind, source }: RequestRecord): boolean =>
    kind === "manifest" && new Date(source.lastModified) <= writtenBy;
  if (records.some(isUnread)) return true;
  const unswept = (await listUnsweptManifests(container, context)).filter(
    ({ lastModified }) => lastModified <= writtenBy,
  );
  const stored = await Promise.all(
    unswept.map((manifest) => context.records.get(requestIdOfBlob("manifest", manifest))),
  );
  // One that was opened since the first look is there, but has not been read either.
  return stored.some((found) => found === null || found.record.state === "received");
}

/** Manifests that were written since the last sweep, or a moment ago: it has found the older ones. */
async function listUnsweptManifests(
  container: string,
  context: StageContext,
): Promise<readonly BlobProperties[]> {
  const note = await context.records.getNote(LAST_SWEEP);
  const sweptAt = note === null ? new Date(0) : addSeconds(new Date(note), -CLOCK_SECONDS);
  const recent: BlobProperties[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { blobs, cursor: next } = await context.blobs.list(container, { cursor });
    recent.push(
      ...blobs.filter(
        ({ name, lastModified, readAt }) =>
          kindOf(name) === "manifest" &&
          lastModified >= sweptAt &&
          findNameProblem(name) === null &&
          readAt.getTime() - lastModified.getTime() < RECENT_SECONDS * 1000,
      ),
    );
    if (next === null) break;
    cursor = next;
  }
  return recent;
}
