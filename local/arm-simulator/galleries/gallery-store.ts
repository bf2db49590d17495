import { ArmError } from "../errors.ts";
import { resourceNotFound } from "../images/image-store.ts";
import { findParentId, formatResourceId, type ResourceId, toKey } from "../resource-id.ts";
import type { Operation, Store } from "../store.ts";
import type { StoredGalleryResource } from "./gallery-model.ts";

/** The collections of the store that hold galleries and what is in them. */
export type GalleryCollection = "galleries" | "definitions" | "versions";

/** Which collection holds the resources of a type. */
export const COLLECTION_OF_TYPE: Readonly<Record<string, GalleryCollection>> = {
  galleries: "galleries",
  "galleries/images": "definitions",
  "galleries/images/versions": "versions",
};

/**
 * Returns a resource that must exist, with what it is in.
 *
 * @throws ArmError 404 `ParentResourceNotFound`, `ResourceNotFound`
 */
export function requireResource<Stored>(
  store: Store,
  collection: ReadonlyMap<string, Stored>,
  id: ResourceId,
): Stored {
  judgeParents(store, id, "read");
  const found = collection.get(toKey(formatResourceId(id)));
  if (found === undefined) throw resourceNotFound(id);
  return found;
}

/**
 * Judges whether all resources that a nested one is in exist.
 *
 * @throws ArmError 404 `ParentResourceNotFound`
 */
export function judgeParents(store: Store, id: ResourceId, verb: string): void {
  const parent = findParentId(id);
  if (parent === undefined) return;
  judgeParents(store, parent, verb);
  const collection = COLLECTION_OF_TYPE[parent.type.toLowerCase()];
  const key = toKey(formatResourceId(parent));
  if (collection !== undefined && !store[collection].has(key)) {
    throw new ArmError(
      404,
      "ParentResourceNotFound",
      `Failed to perform '${verb}' on resource(s) of type '${id.type}', because the parent resource '${formatResourceId(parent)}' could not be found.`,
    );
  }
}

/** Returns the resources directly in another one. */
export function listChildren<Stored extends { readonly id: ResourceId }>(
  collection: ReadonlyMap<string, Stored>,
  parent: ResourceId,
): Stored[] {
  const key = toKey(formatResourceId(parent));
  return [...collection.values()].filter(({ id }) => {
    const parentId = findParentId(id);
    return parentId !== undefined && toKey(formatResourceId(parentId)) === key;
  });
}

/** Returns what gives a gallery or definition the state its operation has left it in. */
export function settleGalleryResource(collection: "galleries" | "definitions") {
  return (store: Store, operation: Operation): Operation => {
    const resources: Map<string, StoredGalleryResource<unknown>> = store[collection] as never;
    const key = toKey(formatResourceId(operation.resource));
    const resource = resources.get(key);
    if (resource?.operationId === operation.id) {
      const { operationId: _, ...idle } = resource;
      const isDone = operation.end.status === "Succeeded";
      resources.set(key, { ...idle, provisioningState: isDone ? "Succeeded" : "Failed" });
    }
    return operation;
  };
}

/** Returns what removes a gallery or definition whose deletion has ended. */
export function removeGalleryResource(collection: "galleries" | "definitions") {
  return (store: Store, operation: Operation): void => {
    const key = toKey(formatResourceId(operation.resource));
    if (store[collection].get(key)?.operationId === operation.id) {
      store[collection].delete(key);
    }
  };
}
