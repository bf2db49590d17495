import { anotherOperation, methodNotSupported } from "../errors.ts";
import type { ArmResponse } from "../http/arm-http.ts";
import { readImageBody, readImageUpdateBody } from "../judge/judge-body.ts";
import { judgeImageName } from "../judge/judge-name.ts";
import { judgeRules } from "../judge/judge-rules.ts";
import { judgeTags } from "../judge/judge-tags.ts";
import { judgeLocation, normalizeLocation } from "../locations.ts";
import { observeOperation } from "../operations.ts";
import { toKey } from "../resource-id.ts";
import type { Service } from "../service.ts";
import type { ResourceRequest } from "../start-operation.ts";
import { completeImage } from "./complete-image.ts";
import type { ImageBody } from "./image-model.ts";
import { startCreation, startDeletion } from "./image-operations.ts";
import { findImage, requireImage } from "./image-store.ts";
import { viewImage } from "./image-view.ts";
import { updateImage } from "./update-image.ts";

const PATCH_SINCE = "2017-12-01";

/**
 * Creates an image, or changes the tags of an existing one. 201 with `Azure-AsyncOperation` for a new
 * image, 200 otherwise; there is no `Location`, although the schema promises one (recorded in
 * azure-sdk-for-python, `test_create_image_from_blob`).
 *
 * @throws ArmError 400, 404 or 409: what is wrong with the request or its sources
 */
export async function putImage(service: Service, target: ResourceRequest): Promise<ArmResponse> {
  judgeImageName(target.id.name);
  const body = readBody(service, target);
  const existing = findImage(service.store, target.id);
  if (existing !== undefined) return updateImage(service, target, existing, body);
  judgeRules(body);
  const completed = await completeImage(body, {
    sources: service.store.sources,
    judgeBlob: service.judgeBlob,
    apiVersion: target.apiVersion,
  });
  // Another request may have created the image while the blobs were being read.
  const meanwhile = findImage(service.store, target.id);
  return meanwhile === undefined
    ? startCreation(service, target, { requested: body, completed }, 201)
    : updateImage(service, target, meanwhile, body);
}

/** Answers an image, or 404. A look at an image counts as one at the operation that changes it. */
export function getImage(service: Service, { id }: ResourceRequest): ArmResponse {
  const { operationId = "" } = requireImage(service.store, id);
  const operation = service.store.operations.get(operationId);
  if (operation !== undefined) {
    observeOperation(service.store, operation, service.now());
  }
  return { status: 200, body: viewImage(requireImage(service.store, id)) };
}

/**
 * Changes an image's tags; what else the body says must be as it is already.
 *
 * @throws ArmError 405 in an api-version that has no PATCH
 */
export function patchImage(service: Service, target: ResourceRequest): ArmResponse {
  if (target.apiVersion < PATCH_SINCE) throw methodNotSupported(target.request);
  const update = readImageUpdateBody(target.request.body, target.apiVersion);
  judgeTags(update.tags);
  const image = requireImage(service.store, target.id);
  const tags = update.tags ?? image.completed.tags;
  return updateImage(service, target, image, {
    location: image.completed.location,
    ...(tags === undefined ? {} : { tags }),
    ...(update.properties === undefined ? {} : { properties: update.properties }),
  });
}

/** Starts an image's deletion: 202, or 204 if there is none. */
export function deleteImage(service: Service, target: ResourceRequest): ArmResponse {
  const image = findImage(service.store, target.id);
  if (image === undefined) return { status: 204 };
  if (image.operationId !== undefined) throw anotherOperation(image.id.name);
  return startDeletion(service, target, image);
}

/** Answers the images of a resource group, or of a subscription. */
export function listImages(
  service: Service,
  subscriptionId: string,
  resourceGroup: string | undefined,
): ArmResponse {
  const value = [...service.store.images.values()]
    .filter(({ id }) => toKey(id.subscriptionId) === toKey(subscriptionId))
    .filter(({ id }) => toKey(id.resourceGroup) === toKey(resourceGroup ?? id.resourceGroup))
    .map(viewImage);
  return { status: 200, body: { value } };
}

function readBody(service: Service, target: ResourceRequest): ImageBody {
  const body = readImageBody(target.request.body, target.apiVersion);
  judgeLocation(body.location, service.location);
  judgeTags(body.tags);
  return { ...body, location: normalizeLocation(body.location) };
}
