import type { BlobClient } from "@azure/storage-blob";
import { isNotFound } from "./storage-error.ts";
import { END_KEY, FINISHED_KEY, type TransferSource } from "./transfer.ts";

/** A blob that is there before an upload. */
export interface KnownBlob {
  /** Null for a blob of another type than the upload makes. */
  readonly sizeBytes: number | null;
  readonly etag: string;
  readonly createdOn: Date;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Reads what is there under the name of an upload; null where nothing is. */
export async function readKnownBlob(
  blob: BlobClient,
  type: "BlockBlob" | "PageBlob",
  abortSignal: AbortSignal,
): Promise<KnownBlob | null> {
  try {
    const found = await blob.getProperties({ abortSignal });
    const { blobType, contentLength = null, createdOn = new Date(0), metadata = {} } = found;
    const sizeBytes = blobType === type ? contentLength : null;
    return { sizeBytes, etag: found.etag ?? "*", createdOn, metadata };
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

/** Whether a blob is the finished upload of a file, with what its metadata are to say. */
export function isFinishedUpload(
  { sizeBytes, metadata }: KnownBlob,
  source: Pick<TransferSource, "sizeBytes" | "isSame" | "metadata">,
): boolean {
  const isSame =
    sizeBytes === source.sizeBytes &&
    metadata[END_KEY] === "true" &&
    source.isSame(metadata[FINISHED_KEY]);
  // What the app reads from a manifest, it does not read from metadata.
  return isSame && (source.metadata === null || says(metadata) === says(source.metadata));
}

/** Under which condition a blob is written: somebody else's that appeared meanwhile is not replaced. */
export function replaceOnly(
  known: KnownBlob | null,
): { ifNoneMatch: string } | { ifMatch: string } {
  return known === null ? { ifNoneMatch: "*" } : { ifMatch: known.etag };
}

/** What a blob's metadata say to the app, sorted; the marks of an upload left out. */
function says(metadata: Readonly<Record<string, string>>): string {
  const others = Object.entries(metadata).filter(
    ([key]) => key !== FINISHED_KEY && key !== END_KEY,
  );
  return others.sort().toString();
}
