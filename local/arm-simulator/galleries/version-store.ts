import type { ArmErrorBody } from "../errors.ts";
import { findParentId, formatResourceId, type ResourceId, toKey } from "../resource-id.ts";
import type { Operation, Store } from "../store.ts";
import { listFailedRegions } from "./replication.ts";
import type { StoredRegion, StoredVersion } from "./version-model.ts";

/** Returns a version, or undefined if there is none. */
export function findVersion(store: Store, id: ResourceId): StoredVersion | undefined {
  return store.versions.get(toKey(formatResourceId(id)));
}

/** Stores a version in place of what has its id. */
export function saveVersion(store: Store, version: StoredVersion): void {
  store.versions.set(toKey(formatResourceId(version.id)), version);
}

/** Counts a look at a version: its replication advances by one step. */
export function countLook(store: Store, id: ResourceId): void {
  const version = findVersion(store, id);
  if (version !== undefined) {
    saveVersion(store, { ...version, looks: version.looks + 1 });
  }
}

/**
 * Gives a version the state that its operation has left it in. An operation that was to succeed fails
 * if a region has failed by then; the version is then `Failed`, but can be updated.
 */
export function endVersion(store: Store, operation: Operation): Operation {
  const version = findVersion(store, operation.resource);
  if (version?.operationId !== operation.id) return operation;
  const { operationId: _, ...idle } = version;
  if (operation.end.status !== "Succeeded") {
    const isUnusable = operation.kind === "create" ? { isUnusable: true } : {};
    saveVersion(store, { ...idle, ...isUnusable, provisioningState: "Failed" });
    return operation;
  }
  const failed = listFailedRegions(version);
  saveVersion(store, { ...idle, provisioningState: failed.length === 0 ? "Succeeded" : "Failed" });
  return failed.length === 0
    ? operation
    : { ...operation, end: { ...operation.end, status: "Failed", error: describeFailure(failed) } };
}

/** Removes a version whose deletion has ended; its gallery may keep it for restoring. */
export function removeVersion(store: Store, operation: Operation): void {
  const key = toKey(formatResourceId(operation.resource));
  const version = store.versions.get(key);
  if (version?.operationId !== operation.id) return;
  store.versions.delete(key);
  const { operationId: _, ...idle } = version;
  const deletedAt = operation.endTime?.toISOString() ?? "";
  if (keepsDeleted(store, version.id)) {
    store.softDeleted.set(key, { version: { ...idle, provisioningState: "Succeeded" }, deletedAt });
  }
}

/** Code and wording: https://github.com/Azure/azure-cli/issues/15539 */
function describeFailure(regions: readonly StoredRegion[]): ArmErrorBody {
  const details = regions.map(({ name, details }) => `{region:${name}, detail:${details}}`);
  return {
    code: "ValidationError",
    message: `Gallery replication jobs failed in one or more regions. The failing regions' details are as follows: '${details.join(", ")}'. If retry does not work, then please do an update by removing the failed regions and update again by adding them back.`,
  };
}

function keepsDeleted(store: Store, id: ResourceId): boolean {
  const definition = findParentId(id);
  const galleryId = definition && findParentId(definition);
  const gallery = galleryId && store.galleries.get(toKey(formatResourceId(galleryId)));
  return gallery?.properties.softDeletePolicy?.isSoftDeleteEnabled === true;
}
