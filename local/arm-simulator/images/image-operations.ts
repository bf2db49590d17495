import type { ArmResponse } from "../http/arm-http.ts";
import type { Service } from "../service.ts";
import {
  formatRetryAfter,
  pointToDeletion,
  pointToOperation,
  type ResourceRequest,
  startOperation,
} from "../start-operation.ts";
import type { StoredImage } from "../store.ts";
import { saveImage } from "./image-store.ts";
import { viewImage } from "./image-view.ts";

/** Starts the creation of an image and answers the given status with the operation's URL. */
export function startCreation(
  service: Service,
  target: ResourceRequest,
  { requested, completed }: Pick<StoredImage, "requested" | "completed">,
  status: 200 | 201,
): ArmResponse {
  const { location } = completed;
  const operation = startOperation(service, target, { kind: "create", location });
  const image: StoredImage = {
    id: target.id,
    requested,
    completed,
    provisioningState: "Creating",
    operationId: operation.id,
  };
  saveImage(service.store, image);
  return { status, headers: pointToOperation(service, target, operation), body: viewImage(image) };
}

/** Starts the deletion of an image: 202 with both headers of a long-running operation. */
export function startDeletion(
  service: Service,
  target: ResourceRequest,
  image: StoredImage,
): ArmResponse {
  const { location } = image.completed;
  const operation = startOperation(service, target, { kind: "delete", location });
  saveImage(service.store, {
    ...image,
    provisioningState: "Deleting",
    operationId: operation.id,
  });
  return {
    status: 202,
    headers: { ...pointToDeletion(service, target, operation), ...formatRetryAfter(service) },
  };
}
