import type { RequestRecord } from "./record.ts";

/** A record together with the ETag under which it may be saved. */
export interface StoredRecord {
  readonly record: RequestRecord;
  readonly etag: string;
}
