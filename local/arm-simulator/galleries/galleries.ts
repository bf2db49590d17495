import { invalidParameter } from "../errors.ts";
import type { ArmResponse } from "../http/arm-http.ts";
import { readBody } from "../judge/judge-body.ts";
import { judgeTags } from "../judge/judge-tags.ts";
import { validatorOf } from "../judge/schema.ts";
import { judgeLocation, normalizeLocation } from "../locations.ts";
import { lastName, toKey } from "../resource-id.ts";
import type { Service } from "../service.ts";
import type { ResourceRequest } from "../start-operation.ts";
import {
  findStored,
  judgeEmpty,
  judgeIdle,
  judgeSameLocation,
  lookAt,
  startGalleryDeletion,
  startQuickChange,
  viewStored,
} from "./gallery-handlers.ts";
import type { GalleryProperties, GalleryResourceBody } from "./gallery-model.ts";
import { listChildren } from "./gallery-store.ts";

type GalleryBody = GalleryResourceBody<GalleryProperties>;

/** Letters, digits, periods and underscores inside, no hyphen, at most 80 characters. */
const NAME = /^[A-Za-z0-9]([A-Za-z0-9._]{0,78}[A-Za-z0-9])?$/;

/** Creates or changes a gallery. */
export function putGallery(service: Service, target: ResourceRequest): ArmResponse {
  const name = lastName(target.id);
  if (!NAME.test(name)) {
    throw invalidParameter(
      "galleryName",
      `The gallery name '${name}' is invalid. It can have letters, digits, and in between periods and underscores, 80 characters at most.`,
    );
  }
  const put = validatorOf("galleries", "put", target.apiVersion);
  const body = readBody<GalleryBody>(target.request.body, put, (path) => `gallery.${path}`);
  judgeLocation(body.location, service.location, "galleries");
  judgeTags(body.tags);
  const existing = findStored(service, target.id);
  const location = normalizeLocation(body.location);
  if (existing !== undefined) {
    judgeSameLocation(existing, location);
    judgeIdle(existing);
  }
  return startQuickChange(service, target, store(target, { ...body, location }));
}

/** Changes a gallery's tags and properties. */
export function patchGallery(service: Service, target: ResourceRequest): ArmResponse {
  const patch = validatorOf("galleries", "patch", target.apiVersion);
  const body = readBody<GalleryBody>(target.request.body, patch, (path) => `gallery.${path}`);
  judgeTags(body.tags);
  const gallery = lookAt(service, target.id);
  judgeIdle(gallery);
  const tags = body.tags ?? gallery.tags;
  return startQuickChange(service, target, {
    ...gallery,
    ...(tags === undefined ? {} : { tags }),
    properties: { ...gallery.properties, ...body.properties },
  });
}

/** Answers a gallery, or 404. */
export function getGallery(service: Service, { id }: ResourceRequest): ArmResponse {
  return { status: 200, body: viewStored(lookAt(service, id)) };
}

/** Starts a gallery's deletion; it must be empty. */
export function deleteGallery(service: Service, target: ResourceRequest): ArmResponse {
  return startGalleryDeletion(service, target, (gallery) => {
    judgeIdle(gallery);
    judgeEmpty(gallery, listChildren(service.store.definitions, gallery.id));
  });
}

/** Answers the galleries of a resource group, or of a subscription. */
export function listGalleries(
  service: Service,
  subscriptionId: string,
  resourceGroup: string | undefined,
): ArmResponse {
  const value = [...service.store.galleries.values()]
    .filter(({ id }) => toKey(id.subscriptionId) === toKey(subscriptionId))
    .filter(({ id }) => toKey(id.resourceGroup) === toKey(resourceGroup ?? id.resourceGroup))
    .map(viewStored);
  return { status: 200, body: { value } };
}

function store({ id }: ResourceRequest, { location, tags, properties = {} }: GalleryBody) {
  const uniqueName = `${id.subscriptionId.toUpperCase()}-${lastName(id).toUpperCase()}`;
  return {
    id,
    location,
    ...(tags === undefined ? {} : { tags }),
    properties: { ...properties, identifier: { uniqueName } },
  };
}
