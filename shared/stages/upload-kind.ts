import type { BlobProperties } from "../ports.ts";
import { requestIdOf } from "../record/identity.ts";

/** Note with the time at which the last complete sweep began: what is older has a record. */
export const LAST_SWEEP = "last-complete-sweep";

/** `manifest` for `.json`, `vhd` for `.vhd`, null for anything else; letters in any case. */
export function kindOf(name: string): "manifest" | "vhd" | null {
  const file = name.slice(name.lastIndexOf("/") + 1).toLowerCase();
  if (file.endsWith(".json")) return "manifest";
  return file.endsWith(".vhd") && file !== ".vhd" ? "vhd" : null;
}

/** The id of the request that a blob opens. */
export function requestIdOfBlob(kind: "manifest" | "vhd", blob: BlobProperties): string {
  const { container, name, etag, createdOn } = blob;
  return kind === "manifest"
    ? requestIdOf({ kind, container, name, etag })
    : requestIdOf({ kind, container, name, createdOn });
}
