import type { Service } from "../service.ts";
import type { ResourceRequest } from "../start-operation.ts";
import type { GalleryResourceBody } from "./gallery-model.ts";
import { planRegions } from "./plan-regions.ts";
import { applyVersionDefaults, listRegionNames } from "./version-defaults.ts";
import type { VersionProperties } from "./version-model.ts";
import { findVersion, saveVersion } from "./version-store.ts";

/** The tags of what somebody else has made. */
const RIVAL_TAGS = { owner: "somebody else" };
const OTHER_SOURCE = {
  id: "/subscriptions/other/resourceGroups/other/providers/Microsoft.Compute/snapshots/other",
};

/**
 * Lets somebody else make the version just before a PUT, if that has been ordered: the PUT then finds
 * it, finished, and is answered 200 (same source) or 409 (another one).
 */
export function playRival(
  service: Service,
  target: ResourceRequest,
  {
    location,
    properties,
  }: GalleryResourceBody<VersionProperties> & {
    readonly properties: VersionProperties;
  },
): void {
  if (findVersion(service.store, target.id) !== undefined) return;
  const fault = service.faults.takeRival(target.request);
  if (fault === undefined) return;
  const storageProfile =
    fault.rival === "SameSource"
      ? properties.storageProfile
      : { osDiskImage: { source: OTHER_SOURCE } };
  const completed = applyVersionDefaults(
    { ...properties, storageProfile },
    location,
    service.now().toISOString(),
  );
  const names = listRegionNames(completed.publishingProfile ?? {});
  const regions = planRegions(service, target, names, { home: location, looks: 0 });
  saveVersion(service.store, {
    id: target.id,
    location,
    tags: RIVAL_TAGS,
    properties: completed,
    completedProfile: completed.storageProfile,
    looks: Math.max(...regions.map(({ needs }) => needs)),
    regions,
    provisioningState: "Succeeded",
  });
}
