import type { ErrorDetail } from "../errors.ts";
import type { ImageDefaults } from "./defaults.ts";
import { type ImageDraft, wantsManagedImage } from "./image-request.ts";
import { refusal } from "./refusal.ts";
import { normalizeRegion } from "./region.ts";

/** Where images may be created: what costs money there, and where data are moved to. */
export interface RegionPolicy {
  /** Regions and edge zones, normalized; null for all of them. */
  readonly allowed: readonly string[] | null;
  /** Whether the regions of sources that may be used are allowed too. */
  readonly ofSources: boolean;
}

/**
 * `*` anywhere in the list allows every region. Without a list the configured region is allowed, and
 * those of the sources: an image is created where its source is (Azure takes no other), so whoever
 * allowed the source has allowed its region.
 */
export function createRegionPolicy(
  given: readonly string[],
  { location }: Pick<ImageDefaults, "location">,
): RegionPolicy {
  if (given.includes("*")) return { allowed: null, ofSources: true };
  if (given.length > 0) return { allowed: given.map(normalizeRegion), ofSources: false };
  return { allowed: location === null ? [] : [normalizeRegion(location)], ofSources: true };
}

/** What speaks against the region and the edge zone of a request; nothing where both are allowed. */
export function findForbiddenRegions(
  request: ImageDraft,
  { allowed, ofSources }: RegionPolicy,
): ErrorDetail[] {
  if (allowed === null) return [];
  const { extendedLocation } = request;
  const isListed = (place: string): boolean => allowed.includes(normalizeRegion(place));
  const refusals: ErrorDetail[] = [];
  for (const { location, path } of locationsOf(request)) {
    if (isListed(location) || (ofSources && hasForeignSource(request))) continue;
    const message = `Images may not be created in the region '${location}': ALLOWED_REGIONS does not list it.`;
    refusals.push(refusal(message, path));
  }
  if (extendedLocation !== undefined && !isListed(extendedLocation.name)) {
    const message = `Images may not be created in the edge zone '${extendedLocation.name}': ALLOWED_REGIONS does not list it.`;
    refusals.push(refusal(message, "extendedLocation.name"));
  }
  return refusals;
}

/** Where the outputs of a request are made. */
function locationsOf(request: ImageDraft): { location: string; path: string }[] {
  const { gallery } = request;
  return [
    ...(wantsManagedImage(request) ? [{ location: request.location, path: "location" }] : []),
    ...(gallery ? [{ location: gallery.location, path: "gallery.location" }] : []),
  ];
}

/** Whether something else than blobs of the app's own account is a source of the image. */
function hasForeignSource(request: ImageDraft): boolean {
  const { sourceVirtualMachine, osDisk, dataDisks, gallery } = request;
  const disks = [...(osDisk ? [osDisk] : []), ...dataDisks];
  const isWhole = sourceVirtualMachine !== undefined || gallery?.source !== undefined;
  return isWhole || disks.some(({ source }) => source.kind !== "blob");
}
