import type { BlobRef } from "../image/image-request.ts";
import type { RequestRecord } from "../record/record.ts";
import { isTerminal } from "../record/states.ts";
import { addSeconds } from "../record/transitions.ts";
import { mayMean } from "./meant-blobs.ts";
import type { StageContext } from "./stage.ts";

/** So long a manifest that names a disk may take to be read. */
const MAX_UNREAD_SECONDS = 55;

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
  if (claimant.state === "received") return explainUnread(claimant, name, context);
  if (!isTerminal(claimant.state)) return own ? isMine : explainGuess(claimant, name, blob);
  const isUsed = claimant.state !== "canceled" && own?.observed?.createdOn === createdOn;
  if (isUsed) return isMine;
  const isNamed = own !== undefined || (claimant.state === "failed" && lacksDisks(claimant));
  const manifest = isNamed ? await context.blobs.getProperties(claimant.source) : null;
  if (manifest?.etag !== claimant.source.etag) return null;
  const isRefused = claimant.state === "failed" && claimant.retriedBy === null;
  return isRefused ? { ...isMine, message: explainRefused(name) } : isMine;
}

/**
 * A manifest whose text names the disk, and whose first step has not ended: it is about to, or the step
 * fails again and again. Nobody waits for that.
 */
function explainUnread(claimant: RequestRecord, name: string, context: StageContext): DiskClaim {
  const waitedUntil = addSeconds(new Date(claimant.createdAt), MAX_UNREAD_SECONDS);
  return context.clock() < waitedUntil
    ? { kind: "held", message: `waits until ${name}, which may name it, has been read` }
    : {
        kind: "taken",
        message: `is named by ${name}, which the app could not finish reading: upload that manifest again, or delete it and upload this disk again`,
      };
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
