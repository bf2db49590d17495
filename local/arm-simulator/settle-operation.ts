import { removeGalleryResource, settleGalleryResource } from "./galleries/gallery-store.ts";
import { endVersion, removeVersion } from "./galleries/version-store.ts";
import { formatResourceId, toKey } from "./resource-id.ts";
import type { Operation, ProvisioningState, Store } from "./store.ts";

/** What the end of an operation does to a type of resource; it may change how the operation ends. */
interface Settlement {
  readonly end: (store: Store, operation: Operation) => Operation;
  readonly remove: (store: Store, operation: Operation) => void;
}

const SETTLEMENTS: Readonly<Record<string, Settlement>> = {
  images: { end: endImage, remove: removeImage },
  galleries: {
    end: settleGalleryResource("galleries"),
    remove: removeGalleryResource("galleries"),
  },
  "galleries/images": {
    end: settleGalleryResource("definitions"),
    remove: removeGalleryResource("definitions"),
  },
  "galleries/images/versions": { end: endVersion, remove: removeVersion },
};

/**
 * Gives the resource of an operation that has ended the state it is left in, or removes it. Returns
 * the operation with the end that it has come to.
 */
export function settleOperation(store: Store, operation: Operation): Operation {
  const settlement = SETTLEMENTS[operation.resource.type.toLowerCase()];
  if (operation.kind === "delete" && operation.end.status === "Succeeded") {
    settlement?.remove(store, operation);
    return operation;
  }
  const ended = settlement?.end(store, operation) ?? operation;
  store.operations.set(ended.id, ended);
  return ended;
}

function endImage(store: Store, operation: Operation): Operation {
  const key = toKey(formatResourceId(operation.resource));
  const image = store.images.get(key);
  if (image?.operationId === operation.id) {
    const { operationId: _, ...idle } = image;
    const provisioningState = operation.end.status as ProvisioningState;
    store.images.set(key, { ...idle, provisioningState });
  }
  return operation;
}

function removeImage(store: Store, operation: Operation): void {
  const key = toKey(formatResourceId(operation.resource));
  if (store.images.get(key)?.operationId === operation.id) {
    store.images.delete(key);
  }
}
