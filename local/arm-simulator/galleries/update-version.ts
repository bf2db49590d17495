import { isDeepStrictEqual } from "node:util";
import { ArmError, anotherOperation } from "../errors.ts";
import type { ArmResponse } from "../http/arm-http.ts";
import { normalizeLocation } from "../locations.ts";
import { lastName } from "../resource-id.ts";
import type { Service } from "../service.ts";
import { pointToOperation, type ResourceRequest, startOperation } from "../start-operation.ts";
import { changeNotAllowed, judgeSameLocation } from "./gallery-handlers.ts";
import type { GalleryResourceBody } from "./gallery-model.ts";
import { planRegions } from "./plan-regions.ts";
import { listFailedRegions } from "./replication.ts";
import { completeProfile, listRegionNames } from "./version-defaults.ts";
import type { PublishingProfile, StoredVersion, VersionProperties } from "./version-model.ts";
import { saveVersion } from "./version-store.ts";
import { viewVersion } from "./version-view.ts";

const ROOT = "galleryImageVersion.properties";
const IMMUTABLE = ["storageAccountType", "storageAccountStrategy", "replicationMode"] as const;

/**
 * Answers a body for a version that exists: regions, their replicas, tags, dates and flags may
 * change, the rest may not. A PUT has no precondition: whoever comes second either changes the first
 * one's version or is refused.
 *
 * @throws ArmError 409 `PropertyChangeNotAllowed`, `InvalidResourceLocation`, or `Conflict` while the
 * version cannot be changed
 */
export function updateVersion(
  service: Service,
  target: ResourceRequest,
  version: StoredVersion,
  body: GalleryResourceBody<VersionProperties>,
): ArmResponse {
  judgeSameLocation(version, body.location);
  judgeUnchanged(version, body.properties);
  judgeChangeable(version);
  const profile = completeProfile(
    { ...keptParts(version), ...body.properties?.publishingProfile },
    version.location,
    version.properties.publishingProfile?.publishedDate ?? "",
  );
  judgeRegionTypes(version, profile);
  const names = listRegionNames(profile);
  const failed = listFailedRegions(version).map(({ name }) => name);
  const kept = version.regions.filter(({ name }) => names.includes(name) && !failed.includes(name));
  const fresh = names.filter((name) => !kept.some((region) => region.name === name));
  const operation = startOperation(service, target, {
    kind: "update",
    location: version.location,
    ...(fresh.length === 0 ? { observations: 0 } : {}),
  });
  const { tags: _, ...untagged } = version;
  const updated: StoredVersion = {
    ...untagged,
    ...(body.tags === undefined ? {} : { tags: body.tags }),
    properties: {
      ...version.properties,
      publishingProfile: profile,
      safetyProfile: { ...version.properties.safetyProfile, ...body.properties?.safetyProfile },
    },
    regions: [
      ...kept,
      ...planRegions(service, target, fresh, { home: version.location, looks: version.looks }),
    ],
    provisioningState: "Updating",
    operationId: operation.id,
  };
  saveVersion(service.store, updated);
  return {
    status: 200,
    headers: pointToOperation(service, target, operation),
    body: viewVersion(updated),
  };
}

/** What a body that leaves it out does not change. */
function keptParts({ properties }: StoredVersion): PublishingProfile {
  const { storageAccountType, storageAccountStrategy, replicationMode } =
    properties.publishingProfile ?? {};
  return {
    ...(storageAccountType === undefined ? {} : { storageAccountType }),
    ...(storageAccountStrategy === undefined ? {} : { storageAccountStrategy }),
    ...(replicationMode === undefined ? {} : { replicationMode }),
  };
}

function judgeChangeable({ id, provisioningState, operationId, isUnusable }: StoredVersion): void {
  if (provisioningState === "Deleting") {
    throw new ArmError(
      409,
      "Conflict",
      `The gallery image version '${lastName(id)}' has been marked for deletion. Only the Delete operation may be retried.`,
    );
  }
  if (operationId !== undefined) throw anotherOperation(lastName(id));
  if (isUnusable === true) {
    throw new ArmError(
      409,
      "Conflict",
      `The gallery image version '${lastName(id)}' is in the provisioning state 'Failed' and cannot be updated. Delete it before creating it again.`,
    );
  }
}

function judgeUnchanged(version: StoredVersion, properties: VersionProperties | undefined): void {
  const before = version.properties;
  const after = properties?.storageProfile ?? {};
  const storage = before.storageProfile;
  if (after.source !== undefined && !isSame(after.source, storage.source)) {
    throw changeNotAllowed(`${ROOT}.storageProfile.source.id`);
  }
  const os = after.osDiskImage?.source;
  if (os !== undefined && !isSame(os, storage.osDiskImage?.source)) {
    throw changeNotAllowed(`${ROOT}.storageProfile.osDiskImage.source`);
  }
  const sourcesOf = (profile: VersionProperties["storageProfile"]) =>
    (profile.dataDiskImages ?? []).map(({ lun, source }) => ({ lun, source }));
  if (after.dataDiskImages !== undefined && !isSame(sourcesOf(after), sourcesOf(storage))) {
    throw changeNotAllowed(`${ROOT}.storageProfile.dataDiskImages`);
  }
  const profile = properties?.publishingProfile ?? {};
  const changed = IMMUTABLE.find(
    (key) => profile[key] !== undefined && profile[key] !== before.publishingProfile?.[key],
  );
  if (changed !== undefined) throw changeNotAllowed(`${ROOT}.publishingProfile.${changed}`);
}

/** A region's storage type stays: https://github.com/Azure/azure-powershell/issues/9911. */
function judgeRegionTypes(version: StoredVersion, { targetRegions = [] }: PublishingProfile): void {
  const before = version.properties.publishingProfile?.targetRegions ?? [];
  for (const { name, storageAccountType } of targetRegions) {
    const existing = before.find((region) => region.name === name);
    if (existing !== undefined && existing.storageAccountType !== storageAccountType) {
      throw changeNotAllowed(
        `${ROOT}.publishingProfile.targetRegions.${normalizeLocation(name)}.storageAccountType`,
      );
    }
  }
}

/** Ids have no case, URIs do; the members of a source are compared in any order. */
function isSame(after: unknown, before: unknown): boolean {
  return isDeepStrictEqual(lowerIds(after), lowerIds(before));
}

function lowerIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerIds);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [
    key,
    /id$/i.test(key) && typeof member === "string" ? member.toLowerCase() : lowerIds(member),
  ]);
  return Object.fromEntries(entries);
}
