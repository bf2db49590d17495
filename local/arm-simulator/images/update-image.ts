import { isDeepStrictEqual } from "node:util";
import { ArmError, anotherOperation } from "../errors.ts";
import type { ArmResponse } from "../http/arm-http.ts";
import type { Service } from "../service.ts";
import { pointToOperation, type ResourceRequest } from "../start-operation.ts";
import type { StoredImage } from "../store.ts";
import { findChange } from "./compare-images.ts";
import type { ImageBody } from "./image-model.ts";
import { startCreation } from "./image-operations.ts";
import { saveImage } from "./image-store.ts";
import { viewImage } from "./image-view.ts";

/**
 * Answers a body for an image that exists: only its tags can change
 * (https://github.com/Azure/azure-cli/issues/5172). While the image is being created, the same body
 * again is answered with the running operation. The creation of a failed image is retried.
 *
 * @throws ArmError 409 `PropertyChangeNotAllowed`, `InvalidResourceLocation`, or `Conflict` while
 * another operation is running
 */
export function updateImage(
  service: Service,
  target: ResourceRequest,
  image: StoredImage,
  body: ImageBody,
): ArmResponse {
  judgeSameLocation(image, body);
  const change = findChange(image.completed, body);
  const running = service.store.operations.get(image.operationId ?? "");
  if (running !== undefined) {
    const isSame = change === undefined && isDeepStrictEqual(image.completed.tags, body.tags);
    if (running.kind === "delete" || !isSame) throw anotherOperation(image.id.name);
    return {
      status: 200,
      headers: pointToOperation(service, target, running),
      body: viewImage(image),
    };
  }
  if (change !== undefined) {
    throw new ArmError(
      409,
      "PropertyChangeNotAllowed",
      `Changing property '${change}' is not allowed.`,
      { target: change },
    );
  }
  const retagged: StoredImage = {
    ...image,
    requested: withTags(image.requested, body.tags),
    completed: withTags(image.completed, body.tags),
  };
  if (image.provisioningState !== "Succeeded") return startCreation(service, target, retagged, 200);
  saveImage(service.store, retagged);
  return { status: 200, body: viewImage(retagged) };
}

function judgeSameLocation(image: StoredImage, body: ImageBody): void {
  const { name, resourceGroup } = image.id;
  const { location } = image.completed;
  if (location !== body.location) {
    throw new ArmError(
      409,
      "InvalidResourceLocation",
      `The resource '${name}' already exists in location '${location}' in resource group '${resourceGroup}'. A resource with the same name cannot be created in location '${body.location}'. Please select a new resource name.`,
    );
  }
}

function withTags({ tags: _, ...body }: ImageBody, tags: ImageBody["tags"]): ImageBody {
  return tags === undefined ? body : { ...body, tags };
}
