import { missingParameter } from "../errors.ts";
import type { ArmResponse } from "../http/arm-http.ts";
import { readBody } from "../judge/judge-body.ts";
import { judgeTags } from "../judge/judge-tags.ts";
import { validatorOf } from "../judge/schema.ts";
import { judgeLocation, normalizeLocation } from "../locations.ts";
import { lastName, type ResourceId } from "../resource-id.ts";
import type { Service } from "../service.ts";
import type { ResourceRequest } from "../start-operation.ts";
import {
  completeDefinition,
  judgeDefinition,
  judgeDefinitionChange,
  judgeDefinitionName,
} from "./definition-rules.ts";
import {
  judgeEmpty,
  judgeIdle,
  judgeSameLocation,
  lookAt,
  startGalleryDeletion,
  startQuickChange,
  viewStored,
} from "./gallery-handlers.ts";
import type {
  DefinitionProperties,
  GalleryResourceBody,
  StoredDefinition,
} from "./gallery-model.ts";
import { judgeParents, listChildren, requireResource } from "./gallery-store.ts";

type DefinitionBody = GalleryResourceBody<DefinitionProperties>;

const nameParameter = (path: string): string => `galleryImage.${path}`;

/** Creates a definition, or changes what may change of one. */
export function putDefinition(service: Service, target: ResourceRequest): ArmResponse {
  judgeDefinitionName(lastName(target.id));
  const body = readBody<DefinitionBody>(
    target.request.body,
    validatorOf("galleries/images", "put", target.apiVersion),
    nameParameter,
  );
  judgeLocation(body.location, service.location, "galleries/images");
  judgeTags(body.tags);
  judgeParents(service.store, target.id, "write");
  const { properties } = body;
  if (properties === undefined) throw missingParameter("galleryImage.properties");
  const location = normalizeLocation(body.location);
  const existing = findDefinition(service, target.id);
  if (existing !== undefined) {
    judgeSameLocation(existing, location);
    judgeDefinitionChange(existing.properties, properties);
    judgeIdle(existing);
  }
  const completed =
    existing === undefined
      ? completeDefinition(properties, target.apiVersion)
      : { ...existing.properties, ...properties };
  judgeDefinition(completed);
  const tags = body.tags === undefined ? {} : { tags: body.tags };
  return startQuickChange(service, target, {
    id: existing?.id ?? target.id,
    location,
    ...tags,
    properties: completed,
  });
}

/** Changes what may change of a definition. */
export function patchDefinition(service: Service, target: ResourceRequest): ArmResponse {
  const body = readBody<DefinitionBody>(
    target.request.body,
    validatorOf("galleries/images", "patch", target.apiVersion),
    nameParameter,
  );
  judgeTags(body.tags);
  const definition = requireResource(service.store, service.store.definitions, target.id);
  judgeIdle(definition);
  judgeDefinitionChange(definition.properties, body.properties ?? {});
  const tags = body.tags ?? definition.tags;
  return startQuickChange(service, target, {
    ...definition,
    ...(tags === undefined ? {} : { tags }),
    properties: { ...definition.properties, ...body.properties },
  });
}

/** Answers a definition, or 404. */
export function getDefinition(service: Service, { id }: ResourceRequest): ArmResponse {
  return { status: 200, body: viewStored(lookAt(service, id)) };
}

/** Starts a definition's deletion; it must have no versions, not even ones that can be restored. */
export function deleteDefinition(service: Service, target: ResourceRequest): ArmResponse {
  const { versions, softDeleted } = service.store;
  return startGalleryDeletion(service, target, (definition) => {
    judgeIdle(definition);
    const deleted = [...softDeleted.values()].map(({ version }) => version);
    const kept = new Map(deleted.map((version) => [version.id.name, version]));
    judgeEmpty(definition, [
      ...listChildren(versions, definition.id),
      ...listChildren(kept, definition.id),
    ]);
  });
}

/** Answers the definitions of a gallery. */
export function listDefinitions(service: Service, gallery: ResourceId): ArmResponse {
  const { store } = service;
  requireResource(store, store.galleries, gallery);
  return {
    status: 200,
    body: { value: listChildren(store.definitions, gallery).map(viewStored) },
  };
}

function findDefinition(service: Service, id: ResourceId): StoredDefinition | undefined {
  return listChildren(service.store.definitions, parentOf(id)).find(
    (definition) => definition.id.name.toLowerCase() === id.name.toLowerCase(),
  );
}

function parentOf(id: ResourceId): ResourceId {
  return { ...id, type: "galleries", name: id.name.slice(0, id.name.indexOf("/")) };
}
