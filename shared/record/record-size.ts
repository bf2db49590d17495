import { type Failure, failure } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import type { RequestRecord } from "./record.ts";

/**
 * The failure of a request that cannot be kept, with the given code; null when it can. Only blob names
 * can make one so large: there may be 65, of 1,024 characters each, which percent-encoding makes up to
 * nine times as long.
 */
export function findRecordSizeProblem(record: RequestRecord, code: string): Failure | null {
  const disks = record.disks.map((disk) => ({ ...disk, inspection: null }));
  const { length } = JSON.stringify({ ...record, disks });
  if (length <= LIMITS.record.limit) return null;
  const { name } = record.source;
  return failure({
    code,
    message: `${name} names blobs whose names and URIs have ${length} characters in total; at most ${LIMITS.record.limit} can be stored.`,
    fix: "Give the VHDs shorter names, or names of letters and digits only, and upload again.",
    target: name,
  });
}
