import type { GalleryRequest, TargetRegion } from "./gallery-request.ts";
import { normalizeRegion } from "./region.ts";
import type { RegionPolicy } from "./region-policy.ts";

/** Azure refuses a version that is not published in its own region. */
export function addOwnRegion(
  regions: readonly TargetRegion[],
  location: string,
): readonly TargetRegion[] {
  const isListed = regions.some(({ name }) => name === location);
  return isListed ? regions : [{ name: location }, ...regions];
}

/**
 * A version in the region of its sources: in place of an assumed one, which remains a target region
 * only where the manifest lists it.
 */
export function placeVersion(gallery: GalleryRequest, region: string): GalleryRequest {
  const { assumedRegion, ...rest } = gallery;
  const assumed = normalizeRegion(gallery.location);
  const location = normalizeRegion(region);
  if (location === assumed) return { ...rest, location: gallery.location };
  const { targetRegions } = gallery.publishingProfile;
  const kept = assumedRegion?.isListed
    ? targetRegions
    : targetRegions.filter(({ name }) => normalizeRegion(name) !== assumed);
  const publishingProfile = {
    ...gallery.publishingProfile,
    targetRegions: addOwnRegion(kept, location),
  };
  return { ...rest, location, publishingProfile };
}

/**
 * Whether a version may be in the region of the app's own blobs, which nobody named: one that is listed,
 * or without a list that region alone.
 */
export function mayPlaceIn(
  { location, publishingProfile }: GalleryRequest,
  { allowed, ofSources }: RegionPolicy,
): boolean {
  if (allowed === null) return true;
  return ofSources
    ? publishingProfile.targetRegions.every(({ name }) => name === location)
    : allowed.includes(location);
}
