import type { BlobRef } from "../request/image-request.ts";
import type { RequestRecord } from "../request/record.ts";
import { isTerminal } from "../request/states.ts";
import type { StageContext } from "./stage.ts";

/** Requests looked at for unread manifests; they leave the state `received` within a moment. */
const UNREAD_LOOK = 50;

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
 * on before.
 */
export async function hasUnreadManifests(context: StageContext): Promise<boolean> {
  const { records } = await context.records.list({ state: "received", limit: UNREAD_LOOK });
  return records.some(({ kind }) => kind === "manifest");
}
