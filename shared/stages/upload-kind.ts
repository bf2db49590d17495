import { LIMITS } from "../limits.ts";
import { parseVhdName } from "../metadata/vhd-name.ts";
import type { BlobProperties } from "../ports.ts";
import { requestIdOf } from "../record/identity.ts";

/** Note with the time at which the last complete round of sweeps began: what is older has a record. */
export const LAST_SWEEP = "last-complete-sweep";

/**
 * `manifest` for `.json`, `vhd` for any file with a disk, null for anything else; in any case. The host
 * may hand over a name of any length: one that no blob can have is nothing else.
 */
export function kindOf(name: string): "manifest" | "vhd" | null {
  if (name.length > LIMITS.blobName.limit) return null;
  if (name.toLowerCase().endsWith(".json")) return "manifest";
  return parseVhdName(name) === null ? null : "vhd";
}

/** The id of the request that a blob opens, or of a later attempt at the same upload. */
export function requestIdOfBlob(
  kind: "manifest" | "vhd",
  blob: BlobProperties,
  attempt = 1,
): string {
  const { container, name, etag, createdOn } = blob;
  return kind === "manifest"
    ? requestIdOf({ kind, container, name, etag }, attempt)
    : requestIdOf({ kind, container, name, createdOn }, attempt);
}
