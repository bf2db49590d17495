import type { BlobRef } from "./image/image-request.ts";

/** A stretch of a blob of the own account, of the version with this ETag. */
export interface SourceRange {
  readonly ref: BlobRef;
  readonly etag: string;
  readonly offset: number;
}

/**
 * Page blobs that the app itself writes. One try for each call: whoever calls decides what follows. Every
 * method throws PageCallError where it is not done, and passes on what is not an answer of storage.
 */
export interface PageTargets {
  /** Creates a blob of zeros; false when there is a blob of this name. */
  create(
    ref: BlobRef,
    options: { readonly length: number; readonly metadata: Readonly<Record<string, string>> },
  ): Promise<boolean>;
  /**
   * Has storage copy `count` bytes, at most 4 MiB, from a blob of the same account. Offsets and count are
   * multiples of 512.
   */
  copy(
    ref: BlobRef,
    range: { readonly offset: number; readonly count: number; readonly source: SourceRange },
  ): Promise<void>;
  /** Writes whole pages, at most 4 MiB, with a checksum. */
  write(ref: BlobRef, offset: number, bytes: Uint8Array): Promise<void>;
  /** Bytes of the pages that were ever written. */
  countWritten(ref: BlobRef): Promise<number>;
  /** Removes a blob; nothing happens when there is none. */
  remove(ref: BlobRef): Promise<void>;
}

/** The most that one call copies or writes. */
export const MAX_CALL_BYTES = 4 * 1024 * 1024;

/**
 * Why a call was not done.
 * - `busy`: too many calls, or no answer in time. It may have been done; to repeat it is harmless.
 * - `source-changed`: the source has another ETag.
 * - `source-unreadable`: storage may not read the source, as behind its firewall, or does not find it.
 * - `target-gone`: the target does not exist, or is not what it was.
 */
export type PageCallProblem = "busy" | "source-changed" | "source-unreadable" | "target-gone";

/** Thrown by a call that was not done. Its message has no URL: that may bear a signature. */
export class PageCallError extends Error {
  override readonly name = "PageCallError";
  readonly problem: PageCallProblem;

  constructor(problem: PageCallProblem, answer: string) {
    super(`${problem}: ${answer}`);
    this.problem = problem;
  }
}
