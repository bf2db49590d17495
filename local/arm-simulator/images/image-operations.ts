import type { ArmRequest, ArmResponse } from "../http/arm-http.ts";
import { formatOperationUrl } from "../operations.ts";
import type { ResourceId } from "../resource-id.ts";
import type { Service } from "../service.ts";
import type { Operation, StoredImage } from "../store.ts";
import { saveImage } from "./image-store.ts";
import { viewImage } from "./image-view.ts";

/** A request about one image. */
export interface ImageRequest {
  readonly id: ResourceId;
  readonly apiVersion: string;
  readonly request: ArmRequest;
}

/** Starts the creation of an image and answers the given status with the operation's URL. */
export function startCreation(
  service: Service,
  target: ImageRequest,
  { requested, completed }: Pick<StoredImage, "requested" | "completed">,
  status: 200 | 201,
): ArmResponse {
  const operation = startOperation(service, target, "create", completed.location);
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
  target: ImageRequest,
  image: StoredImage,
): ArmResponse {
  const operation = startOperation(service, target, "delete", image.completed.location);
  saveImage(service.store, {
    ...image,
    provisioningState: "Deleting",
    operationId: operation.id,
  });
  const url = formatOperationUrl(service.baseUrl(), operation, target.apiVersion);
  return {
    status: 202,
    headers: {
      "azure-asyncoperation": url,
      location: `${url}&monitor=true`,
      ...formatRetryAfter(service),
    },
  };
}

/** Returns the header that leads to an operation. */
export function pointToOperation(
  service: Service,
  target: ImageRequest,
  operation: Operation,
): Record<string, string> {
  return {
    "azure-asyncoperation": formatOperationUrl(service.baseUrl(), operation, target.apiVersion),
  };
}

/** Returns the header that asks a client to wait before its next look at an operation. */
export function formatRetryAfter({ retryAfterSeconds }: Service): Record<string, string> {
  return retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };
}

/** The operation's id is the request's: so it was in the service's recorded answers. */
function startOperation(
  service: Service,
  target: ImageRequest,
  kind: Operation["kind"],
  location: string,
): Operation {
  const operation: Operation = {
    id: target.request.requestId,
    subscriptionId: target.id.subscriptionId,
    location,
    kind,
    image: target.id,
    startTime: service.now(),
    observationsLeft: service.pollsInProgress,
    end: service.faults.takeForOperation(target.request),
  };
  service.store.operations.set(operation.id, operation);
  return operation;
}
