import type { BlobRef } from "../image/image-request.ts";
import type { DiskProgress, RequestRecord } from "../record/record.ts";
import type { StageContext } from "./stage.ts";

/** The blobs of a request that are not, or perhaps not, what was checked. */
export interface SourceChanges {
  /** Another content than the one that was checked. */
  readonly changed: readonly DiskProgress[];
  /** Not there, or what it was converted to is not, so that nothing can be compared. */
  readonly gone: readonly DiskProgress[];
  /** There, but it was not noted what it looked like when it was checked. */
  readonly unknown: readonly DiskProgress[];
}

type Verdict = keyof SourceChanges | "same";

/** Newest requests of a blob's name in which to look for a later upload. */
const NEWEST = 5;

/** Compares the blobs of a request with what was checked, by ETag. One read of properties for each. */
export async function findSourceChanges(
  record: RequestRecord,
  context: StageContext,
): Promise<SourceChanges> {
  const verdicts = await Promise.all(
    record.disks.map(async (disk) => ({
      disk,
      verdict: disk.ref === null ? "same" : await compare(disk.ref, disk, context),
    })),
  );
  const those = (wanted: Verdict) =>
    verdicts.filter(({ verdict }) => verdict === wanted).map(({ disk }) => disk);
  return { changed: those("changed"), gone: those("gone"), unknown: those("unknown") };
}

/**
 * The same after the service has read the blobs. One that is gone counts as changed when the app has
 * seen a later upload under its name: it was replaced before it was deleted.
 */
export async function findChangesDuringCreate(
  record: RequestRecord,
  context: StageContext,
): Promise<SourceChanges> {
  const found = await findSourceChanges(record, context);
  const looks = await Promise.all(
    found.gone.map(async (disk) => ({ disk, isReplaced: await wasReplaced(disk, context) })),
  );
  const replaced = looks.filter(({ isReplaced }) => isReplaced).map(({ disk }) => disk);
  return {
    ...found,
    changed: [...found.changed, ...replaced],
    gone: found.gone.filter((disk) => !replaced.includes(disk)),
  };
}

async function compare(ref: BlobRef, disk: DiskProgress, context: StageContext): Promise<Verdict> {
  const blob = await context.blobs.getProperties(ref);
  if (blob === null) return "gone";
  if (
    disk.conversion !== null &&
    (await context.blobs.getProperties(disk.conversion.to)) === null
  ) {
    return "gone";
  }
  if (disk.observed === null) return "unknown";
  return blob.etag === disk.observed.etag ? "same" : "changed";
}

/** Whether a request was opened for an upload of this name that began after the one that was checked. */
async function wasReplaced(
  { ref, observed }: DiskProgress,
  context: StageContext,
): Promise<boolean> {
  if (ref === null || observed === null) return false;
  const { records } = await context.records.list({ source: ref.name, limit: NEWEST });
  return records.some(
    ({ source }) =>
      source.container === ref.container &&
      Date.parse(source.createdOn) > Date.parse(observed.createdOn),
  );
}

/** Names of the disks' blobs, for a message. */
export function nameBlobs(disks: readonly DiskProgress[]): string {
  return disks.map((disk) => disk.ref?.name).join(", ");
}
