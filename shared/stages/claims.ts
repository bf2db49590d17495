import { findNameProblem } from "../image/blob-name.ts";
import type { BlobRef } from "../image/image-request.ts";
import type { BlobProperties } from "../ports.ts";
import type { RequestRecord } from "../record/record.ts";
import { isTerminal } from "../record/states.ts";
import { addSeconds } from "../record/transitions.ts";
import { mayMean } from "./meant-blobs.ts";
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
 * What a manifest means for a disk. `taken`: the disk is one of its disks, or is named by one that was
 * refused. `held`: the manifest has not been read, or waits for a blob that does not exist and seems to
 * mean this one.
 */
export interface DiskClaim {
  readonly kind: "taken" | "held";
  /** A clause about the disk. */
  readonly message: string;
}

/**
 * Which manifest speaks for a disk; null when none does.
 *
 * A manifest speaks for a disk that it names while its request is open, while it is there unchanged,
 * and always for the very upload that it was carried out with. One that was refused speaks for every
 * disk that its text names. For what it only seems to mean it speaks while it lacks the disk itself.
 */
export async function findClaim(
  blob: BlobRef,
  createdOn: string,
  context: StageContext,
): Promise<DiskClaim | null> {
  let held: DiskClaim | null = null;
  for (const requestId of await context.records.listClaims(blob)) {
    const stored = await context.records.get(requestId);
    if (stored?.record.kind !== "manifest") continue;
    const claim = await readClaim(stored.record, blob, createdOn, context);
    if (claim?.kind === "taken") return claim;
    held ??= claim;
  }
  return held;
}

async function readClaim(
  claimant: RequestRecord,
  blob: BlobRef,
  createdOn: string,
  context: StageContext,
): Promise<DiskClaim | null> {
  const name = `the manifest ${claimant.source.name} (request ${claimant.requestId})`;
  const own = claimant.disks.find(
    ({ ref }) => ref?.name === blob.name && ref.container === blob.container,
  );
  const isMine: DiskClaim = { kind: "taken", message: `is a disk of ${name}` };
  if (claimant.state === "received") {
    return { kind: "held", message: `waits until ${name}, which may name it, has been read` };
  }
  if (!isTerminal(claimant.state)) return own ? isMine : explainGuess(claimant, name, blob);
  const isUsed = claimant.state !== "canceled" && own?.observed?.createdOn === createdOn;
  if (isUsed) return isMine;
  const isNamed = own !== undefined || (claimant.state === "failed" && lacksDisks(claimant));
  const manifest = isNamed ? await context.blobs.getProperties(claimant.source) : null;
  if (manifest?.etag !== claimant.source.etag) return null;
  return claimant.state === "failed" ? { ...isMine, message: explainRefused(name) } : isMine;
}

/** A manifest that waits for a disk which does not exist, and seems to mean this one. */
function explainGuess(claimant: RequestRecord, name: string, blob: BlobRef): DiskClaim | null {
  const disk = claimant.disks.find(
    ({ ref, state }) => state === "missing" && ref !== null && mayMean(ref, claimant.source, blob),
  );
  if (disk?.ref == null) return null;
  const message = `seems to be the disk that ${name} calls '${disk.ref.name}', and is held back while that waits. If it is, correct the manifest and upload it again. If it is not, delete the manifest.`;
  return { kind: "held", message };
}

/** Whether a request was refused before its disks were known, or ended without one of them. */
function lacksDisks({ disks }: RequestRecord): boolean {
  return disks.length === 0 || disks.some(({ state }) => state === "missing");
}

function explainRefused(name: string): string {
  return `is a disk of ${name}, which failed: correct the manifest and upload it again, or delete it and upload this disk again`;
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
