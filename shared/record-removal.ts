import type { BlobRef } from "./image/image-request.ts";
import type { StoredRecord } from "./record/stored-record.ts";

/** A place in a walk over many rows; null at its beginning and at its end. */
export interface WalkStep {
  readonly limit: number;
  readonly cursor: string | null;
}

/** How what is not needed any more leaves the store. Every method is repeated without harm. */
export interface RecordRemoval {
  /**
   * Ids of requests opened at a time or before, the latest of them first. A walk that goes on from its
   * cursor misses nobody, whatever is removed meanwhile.
   */
  listOpenedUpTo(
    at: Date,
    step: WalkStep,
  ): Promise<{ readonly ids: readonly string[]; readonly cursor: string | null }>;
  /**
   * Removes a record with all its index rows, or nothing. Only for one that has ended and is announced:
   * of two that save and remove it in the same instant, the removal wins.
   * @throws RecordConflictError when it was saved or removed by somebody else since it was read.
   */
  remove(stored: StoredRecord): Promise<void>;
  /** Claims of all blobs, each with a key to remove it by. */
  listAllClaims(step: WalkStep): Promise<{
    readonly claims: readonly { readonly key: string; readonly requestId: string }[];
    readonly cursor: string | null;
  }>;
  removeClaim(key: string): Promise<void>;
  /** Removes a note if it has the value that was read; false when it has another, or is gone. */
  removeNote(key: string, value: string): Promise<boolean>;
  /**
   * Forgets the name of a disk if `isGone` says so and nobody puts it again meanwhile; returns whether
   * it did. `isGone` is asked after the name was read.
   */
  removeDiskName(blob: BlobRef, family: string, isGone: () => Promise<boolean>): Promise<boolean>;
}
