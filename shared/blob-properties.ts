import type { BlobRef } from "./image/image-request.ts";

export type BlobType = "BlockBlob" | "PageBlob" | "AppendBlob";
export type CopyStatus = "pending" | "success" | "aborted" | "failed";

/** A blob as the storage service describes it; all times are the service's own. */
export interface BlobProperties extends BlobRef {
  readonly etag: string;
  /** Bytes. For a page blob the allocated length, whatever has been written so far. */
  readonly length: number;
  readonly type: BlobType;
  readonly createdOn: Date;
  readonly lastModified: Date;
  /** When the service gave this answer; ages are measured against it, so no clock of ours matters. */
  readonly readAt: Date;
  readonly copyStatus: CopyStatus | null;
  /** When the last copy to this blob ended; null when there was none, or it has not ended. */
  readonly copyCompletedOn: Date | null;
  /** Content-MD5 in hexadecimal; null when none is set. */
  readonly contentMd5: string | null;
  /** Whether somebody holds a lease on the blob, and for how long; null when nobody does. */
  readonly lease: "fixed" | "infinite" | null;
  /** Keys in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface BlobPage {
  readonly blobs: readonly BlobProperties[];
  readonly cursor: string | null;
}

/** A stretch of bytes. */
export interface PageRange {
  readonly offset: number;
  readonly count: number;
}

export interface PageRanges {
  readonly ranges: readonly PageRange[];
  /** Whether there are more than were requested. */
  readonly hasMore: boolean;
}
