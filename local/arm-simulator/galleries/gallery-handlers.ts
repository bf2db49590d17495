import { ArmError, anotherOperation } from "../errors.ts";
import type { ArmResponse } from "../http/arm-http.ts";
import { observeOperation } from "../operations.ts";
import { formatResourceId, lastName, type ResourceId, toKey } from "../resource-id.ts";
import type { Service } from "../service.ts";
import {
  pointToDeletion,
  pointToOperation,
  type ResourceRequest,
  startOperation,
} from "../start-operation.ts";
import type { StoredGalleryResource } from "./gallery-model.ts";
import {
  COLLECTION_OF_TYPE,
  type GalleryCollection,
  judgeParents,
  requireResource,
} from "./gallery-store.ts";

/** Resources of one type as this module handles them, whatever their properties are. */
type Stored = StoredGalleryResource<object>;

/** Returns the resources of an id's type. */
function collectionOf({ store }: Service, id: ResourceId): Map<string, Stored> {
  const collection: GalleryCollection = COLLECTION_OF_TYPE[id.type.toLowerCase()] ?? "galleries";
  return store[collection] as unknown as Map<string, Stored>;
}

/** Returns a gallery, definition or version, or undefined if there is none. */
export function findStored(service: Service, id: ResourceId): Stored | undefined {
  return collectionOf(service, id).get(toKey(formatResourceId(id)));
}

/**
 * Returns a gallery or definition as a GET finds it: a look at it counts as one at the operation
 * that changes it.
 *
 * @throws ArmError 404 `ParentResourceNotFound`, `ResourceNotFound`
 */
export function lookAt(service: Service, id: ResourceId): Stored {
  const { store } = service;
  const { operationId = "" } = requireResource(store, collectionOf(service, id), id);
  const operation = store.operations.get(operationId);
  if (operation !== undefined) {
    observeOperation(store, operation, service.now());
  }
  return requireResource(store, collectionOf(service, id), id);
}

/** Returns a gallery or definition as the service answers it. */
export function viewStored(resource: Stored): object {
  const { id, location, tags, properties, provisioningState } = resource;
  return {
    name: lastName(id),
    id: formatResourceId(id),
    type: `Microsoft.Compute/${id.type}`,
    location,
    ...(tags === undefined ? {} : { tags }),
    properties: { ...properties, provisioningState },
  };
}

/**
 * Stores a gallery or definition and starts the operation that makes or changes it, which ends at
 * the first look: in the service's recorded answers it took less than a second.
 */
export function startQuickChange(
  service: Service,
  target: ResourceRequest,
  resource: Omit<Stored, "provisioningState" | "operationId">,
): ArmResponse {
  const isNew = findStored(service, target.id) === undefined;
  const operation = startOperation(service, target, {
    kind: isNew ? "create" : "update",
    location: resource.location,
    observations: 0,
  });
  const changed: Stored = {
    ...resource,
    provisioningState: isNew ? "Creating" : "Updating",
    operationId: operation.id,
  };
  collectionOf(service, target.id).set(toKey(formatResourceId(target.id)), changed);
  return {
    status: isNew ? 201 : 200,
    headers: pointToOperation(service, target, operation),
    body: viewStored(changed),
  };
}

/** Starts a deletion, or answers 204 if there is nothing to delete. */
export function startGalleryDeletion(
  service: Service,
  target: ResourceRequest,
  judge: (resource: Stored) => void,
): ArmResponse {
  judgeParents(service.store, target.id, "delete");
  const resource = findStored(service, target.id);
  if (resource === undefined) return { status: 204 };
  judge(resource);
  const { location } = resource;
  const operation = startOperation(service, target, { kind: "delete", location });
  collectionOf(service, target.id).set(toKey(formatResourceId(target.id)), {
    ...resource,
    provisioningState: "Deleting",
    operationId: operation.id,
  });
  return {
    status: 202,
    headers: {
      ...pointToDeletion(service, target, operation),
      "retry-after": String(service.store.settings.deleteRetryAfter),
    },
  };
}

/**
 * Refuses a change of a resource that another operation is changing.
 *
 * @throws ArmError 409 `Conflict`
 */
export function judgeIdle({ id, operationId }: Stored): void {
  if (operationId !== undefined) throw anotherOperation(lastName(id));
}

/**
 * Refuses the deletion of what still holds something. Code and wording:
 * https://github.com/Azure/azure-rest-api-specs/issues/11559.
 *
 * @throws ArmError 409 `CannotDeleteResource`
 */
export function judgeEmpty({ id }: Stored, children: readonly { readonly id: ResourceId }[]): void {
  if (children.length > 0) {
    throw new ArmError(
      409,
      "CannotDeleteResource",
      `Cannot delete resource while nested resources exist. Some existing nested resource IDs include: '${children.map((child) => formatResourceId(child.id)).join(",")}'. Please delete all nested resources before deleting this resource.`,
      { target: formatResourceId(id) },
    );
  }
}

/**
 * Refuses a body that names another location than the resource has.
 *
 * @throws ArmError 409 `InvalidResourceLocation`
 */
export function judgeSameLocation(resource: Stored, location: string): void {
  if (resource.location !== location) {
    const { id } = resource;
    throw new ArmError(
      409,
      "InvalidResourceLocation",
      `The resource '${lastName(id)}' already exists in location '${resource.location}' in resource group '${id.resourceGroup}'. A resource with the same name cannot be created in location '${location}'. Please select a new resource name.`,
    );
  }
}

/** Returns the refusal of a change of what can never change. */
export function changeNotAllowed(property: string): ArmError {
  return new ArmError(
    409,
    "PropertyChangeNotAllowed",
    `Changing property '${property}' is not allowed.`,
    { target: property },
  );
}
