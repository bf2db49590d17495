import { LIMITS } from "../limits.ts";
import type { RequestRecord } from "./record.ts";

/** A page of records while it is filled. */
export interface GrowingPage {
  readonly records: readonly RequestRecord[];
  /** Puts a record on the page; false when it would be larger than a page may be. The first always fits. */
  add(record: RequestRecord): boolean;
}

/** An empty page, which is full when its records have as many bytes as a page of the status list may. */
export function startPage(): GrowingPage {
  const records: RequestRecord[] = [];
  let bytes = 0;
  return {
    records,
    add(record) {
      const more = Buffer.byteLength(JSON.stringify(record));
      if (records.length > 0 && bytes + more > LIMITS.statusPageBytes.limit) return false;
      bytes += more;
      records.push(record);
      return true;
    },
  };
}
