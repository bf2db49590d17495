import { missingParameter } from "../errors.ts";
import type { ArmResponse } from "../http/arm-http.ts";
import { readBody } from "../judge/judge-body.ts";
import { judgeTags } from "../judge/judge-tags.ts";
import { validatorOf } from "../judge/schema.ts";
import { judgeLocation, normalizeLocation } from "../locations.ts";
import { observeOperation } from "../operations.ts";
import { findParentId, formatResourceId, lastName, type ResourceId } from "../resource-id.ts";
import type { Service } from "../service.ts";
import { pointToOperation, type ResourceRequest, startOperation } from "../start-operation.ts";
import type { GalleryResourceBody, StoredDefinition } from "./gallery-model.ts";
import { judgeParents, listChildren, requireResource } from "./gallery-store.ts";
import { planRegions } from "./plan-regions.ts";
import { playRival } from "./rival.ts";
import { findContradiction, judgeSecurity, judgeSize } from "./security-rules.ts";
import { judgeRestorable } from "./soft-delete.ts";
import { judgeSourceRights } from "./source-rights.ts";
import { updateVersion } from "./update-version.ts";
import { applyVersionDefaults, listRegionNames } from "./version-defaults.ts";
import { fromVersionForm } from "./version-forms.ts";
import type { StoredVersion, VersionProperties } from "./version-model.ts";
import { judgePublishing, judgeVersion, judgeVersionName } from "./version-rules.ts";
import { type ResolvedSources, resolveSources } from "./version-sources.ts";
import { countLook, findVersion, saveVersion } from "./version-store.ts";
import { readExpansion, viewVersion } from "./version-view.ts";

type VersionBody = GalleryResourceBody<VersionProperties> & {
  readonly properties: VersionProperties;
};

/**
 * Creates a version, or changes what may change of one: 201 with `Azure-AsyncOperation` only for a
 * new version (recorded in azure-cli, `test_image_version_create_os_vhd`), 200 otherwise.
 *
 * @throws ArmError 400, 403, 404 or 409: what is wrong with the request or its sources
 */
export async function putVersion(service: Service, target: ResourceRequest): Promise<ArmResponse> {
  judgeVersionName(lastName(target.id));
  const body = readVersionBody(service, target);
  const scope = formatResourceId(target.id);
  const own = { action: "Microsoft.Compute/galleries/images/versions/write", scope };
  judgeSourceRights(service.store, own, body.properties.storageProfile);
  judgeParents(service.store, target.id, "write");
  playRival(service, target, body);
  const context = toContext(service, body.location);
  const existing = findVersion(service.store, target.id);
  if (existing !== undefined) {
    judgePublishing(body.properties, context);
    return updateVersion(service, target, existing, body);
  }
  judgeRestorable(service.store, target.id);
  judgeVersion(body.properties, context);
  const { storageProfile } = body.properties;
  const sources = await resolveSources(service, storageProfile, body.location);
  const definition = requireDefinition(service, target.id);
  judgeSecurity(definition.properties, sources.facts, body.properties, body.location);
  judgeSize(sources.profile, body.properties.publishingProfile?.replicationMode);
  // Another request may have created the version while the blobs were being read.
  const meanwhile = findVersion(service.store, target.id);
  return meanwhile === undefined
    ? startCreation(service, target, body, sources)
    : updateVersion(service, target, meanwhile, body);
}

/** Answers a version, or 404. A look at it counts as one at the operation that changes it. */
export function getVersion(service: Service, { id, request }: ResourceRequest): ArmResponse {
  const expansion = readExpansion(request.url);
  const { store } = service;
  const { operationId = "" } = requireResource(store, store.versions, id);
  const operation = store.operations.get(operationId);
  if (operation === undefined || operation.end.status === "Never") {
    countLook(store, id);
  } else {
    observeOperation(store, operation, service.now());
  }
  const version = requireResource(store, store.versions, id);
  return { status: 200, body: viewVersion(version, expansion) };
}

/** Answers the versions of a definition, in any state. */
export function listVersions({ store }: Service, definition: ResourceId): ArmResponse {
  requireResource(store, store.definitions, definition);
  const versions = listChildren(store.versions, definition);
  return { status: 200, body: { value: versions.map((version) => viewVersion(version)) } };
}

/** Returns what a version in a location is judged against. */
export function toContext(service: Service, location: string) {
  return { location, ownLocation: service.location, now: service.now() };
}

function readVersionBody(service: Service, target: ResourceRequest): VersionBody {
  const put = validatorOf("galleries/images/versions", "put", target.apiVersion);
  const name = (path: string) => `galleryImageVersion.${path}`;
  const body = readBody<GalleryResourceBody<VersionProperties>>(target.request.body, put, name);
  judgeLocation(body.location, service.location, "galleries/images/versions");
  judgeTags(body.tags);
  const { properties } = body;
  if (properties === undefined) throw missingParameter("galleryImageVersion.properties");
  return {
    ...body,
    location: normalizeLocation(body.location),
    properties: fromVersionForm(properties, target.apiVersion),
  };
}

function startCreation(
  service: Service,
  target: ResourceRequest,
  body: VersionBody,
  sources: ResolvedSources,
): ArmResponse {
  const { location, tags } = body;
  const definition = requireDefinition(service, target.id);
  const error = findContradiction(definition.properties, sources.facts, body.properties);
  const operation = startOperation(service, target, {
    kind: "create",
    location,
    ...(error === undefined ? {} : { end: { status: "Failed", error } }),
  });
  const startedAt = service.now().toISOString();
  const properties = applyVersionDefaults(body.properties, location, startedAt);
  const completed = applyVersionDefaults(
    { ...body.properties, storageProfile: sources.profile },
    location,
    startedAt,
  );
  const names = listRegionNames(properties.publishingProfile ?? {});
  const version: StoredVersion = {
    id: target.id,
    location,
    ...(tags === undefined ? {} : { tags }),
    properties,
    completedProfile: completed.storageProfile,
    looks: 0,
    regions: planRegions(service, target, names, { home: location, looks: 0 }),
    provisioningState: "Creating",
    operationId: operation.id,
  };
  saveVersion(service.store, version);
  return {
    status: 201,
    headers: pointToOperation(service, target, operation),
    body: viewVersion(version),
  };
}

function requireDefinition({ store }: Service, id: ResourceId): StoredDefinition {
  const parent = findParentId(id) ?? id;
  return requireResource(store, store.definitions, { ...parent, type: "galleries/images" });
}
