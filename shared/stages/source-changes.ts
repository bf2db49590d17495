import type { DiskProgress, RequestRecord } from "../record/record.ts";
import type { StageContext } from "./stage.ts";

/**
 * The blobs of the request that are not what was checked any more. A blob that is gone is counted
 * only when asked to: before the request it is missing, after it the image has what it needs.
 */
export async function findChangedSources(
  record: RequestRecord,
  options: { readonly countMissing: boolean },
  context: StageContext,
): Promise<readonly DiskProgress[]> {
  const checks = record.disks.map(async (disk) => {
    if (disk.ref === null) return null;
    const blob = await context.blobs.getProperties(disk.ref);
    const isChanged = blob === null ? options.countMissing : blob.etag !== disk.observed?.etag;
    return isChanged ? disk : null;
  });
  return (await Promise.all(checks)).filter((disk) => disk !== null);
}

/** Names of the disks' blobs, for a message. */
export function nameBlobs(disks: readonly DiskProgress[]): string {
  return disks.map((disk) => disk.ref?.name).join(", ");
}
