import { ArmError } from "../errors.ts";
import { formatResourceId, joinPath, type ResourceId, toKey } from "../resource-id.ts";
import type { Store, StoredImage } from "../store.ts";

/** Returns an image, or undefined if there is none. */
export function findImage(store: Store, id: ResourceId): StoredImage | undefined {
  return store.images.get(toKey(formatResourceId(id)));
}

/**
 * Returns an image that must exist.
 *
 * @throws ArmError 404 `ResourceNotFound`
 */
export function requireImage(store: Store, id: ResourceId): StoredImage {
  const image = findImage(store, id);
  if (image === undefined) throw resourceNotFound(id);
  return image;
}

/** Stores an image in place of what has its id. */
export function saveImage(store: Store, image: StoredImage): void {
  store.images.set(toKey(formatResourceId(image.id)), image);
}

/** Returns Resource Manager's answer for a resource that does not exist. */
export function resourceNotFound({ type, name, resourceGroup }: ResourceId): ArmError {
  return new ArmError(
    404,
    "ResourceNotFound",
    `The Resource 'Microsoft.Compute/${joinPath({ type, name })}' under resource group '${resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}
