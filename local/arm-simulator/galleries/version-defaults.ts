import { displayLocation, normalizeLocation } from "../locations.ts";
import type { PublishingProfile, TargetRegion, VersionProperties } from "./version-model.ts";

/**
 * Returns a version's properties with what the service fills in at once; recorded in azure-cli,
 * `test_image_version_create_os_vhd`. Sizes come at the end only.
 */
export function applyVersionDefaults(
  { restore: _, ...properties }: VersionProperties,
  location: string,
  publishedDate: string,
): VersionProperties {
  const { osDiskImage, dataDiskImages, ...storage } = properties.storageProfile;
  const withCaching = { hostCaching: "ReadWrite" };
  return {
    ...properties,
    publishingProfile: completeProfile(properties.publishingProfile ?? {}, location, publishedDate),
    storageProfile: {
      ...storage,
      ...(osDiskImage === undefined ? {} : { osDiskImage: { ...withCaching, ...osDiskImage } }),
      ...(dataDiskImages === undefined
        ? {}
        : { dataDiskImages: dataDiskImages.map((disk) => ({ ...withCaching, ...disk })) }),
    },
    safetyProfile: {
      allowDeletionOfReplicatedLocations: false,
      ...properties.safetyProfile,
      reportedForPolicyViolation: false,
    },
  };
}

/** Returns a publishing profile with defaults; every region has its display name. */
export function completeProfile(
  profile: PublishingProfile,
  location: string,
  publishedDate: string,
): PublishingProfile {
  const { targetRegions = [], replicaCount = 1, storageAccountStrategy } = profile;
  const type =
    profile.storageAccountType ??
    (storageAccountStrategy === "PreferStandard_ZRS" ? undefined : "Standard_LRS");
  const regions = targetRegions.length === 0 ? [{ name: location }] : targetRegions;
  const complete = (region: TargetRegion): TargetRegion => ({
    ...region,
    name: displayLocation(region.name),
    regionalReplicaCount: region.regionalReplicaCount ?? replicaCount,
    storageAccountType: region.storageAccountType ?? type ?? "Standard_ZRS",
  });
  return {
    excludeFromLatest: false,
    replicationMode: "Full",
    ...profile,
    replicaCount,
    ...(storageAccountStrategy === undefined && type !== undefined
      ? { storageAccountType: type }
      : {}),
    targetRegions: regions.map(complete),
    publishedDate,
  };
}

/** Returns the short names of the regions of a completed profile. */
export function listRegionNames({ targetRegions = [] }: PublishingProfile): string[] {
  return targetRegions.map(({ name }) => normalizeLocation(name));
}
