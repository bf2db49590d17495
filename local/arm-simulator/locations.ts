import { ArmError } from "./errors.ts";

/** Regions in which Compute offers images and galleries, by their display names. */
const REGIONS: readonly string[] = [
  "Australia Central,Australia Central 2,Australia East,Australia Southeast,Austria East",
  "Belgium Central,Brazil South,Brazil Southeast,Canada Central,Canada East,Central India,Central US",
  "Chile Central,East Asia,East US,East US 2,East US 3,France Central,France South,Germany North",
  "Germany West Central,Indonesia Central,Israel Central,Italy North,Japan East,Japan West",
  "Jio India Central,Jio India West,Korea Central,Korea South,Malaysia West,Mexico Central",
  "New Zealand North,North Central US,North Europe,Norway East,Norway West,Poland Central",
  "Qatar Central,South Africa North,South Africa West,South Central US,Southeast Asia,South India",
  "Spain Central,Sweden Central,Sweden South,Switzerland North,Switzerland West,UAE Central,UAE North",
  "UK South,UK West,West Central US,West Europe,West India,West US,West US 2,West US 3",
  "China East,China East 2,China East 3,China North,China North 2,China North 3",
  "USGov Arizona,USGov Texas,USGov Virginia",
].flatMap((line) => line.split(","));

const DISPLAY_NAMES: ReadonlyMap<string, string> = new Map(
  REGIONS.map((region) => [normalizeLocation(region), region]),
);

/** Returns a location's short name: `West US` → `westus`, as the service echoes it. */
export function normalizeLocation(location: string): string {
  return location.replaceAll(/\s/g, "").toLowerCase();
}

/** Returns a region's display name, as galleries answer it: `westus` → `West US`. */
export function displayLocation(location: string): string {
  return DISPLAY_NAMES.get(normalizeLocation(location)) ?? location;
}

/** Returns all regions, and the service's own if it is not one of them. */
export function listLocationNames(
  ownLocation: string,
): readonly { readonly name: string; readonly displayName: string }[] {
  const own = normalizeLocation(ownLocation);
  const known = [...DISPLAY_NAMES].map(([name, displayName]) => ({ name, displayName }));
  return DISPLAY_NAMES.has(own) ? known : [...known, { name: own, displayName: ownLocation }];
}

/** Tells whether the service has a region, or is in it. */
export function isKnownLocation(location: string, ownLocation: string): boolean {
  const name = normalizeLocation(location);
  return DISPLAY_NAMES.has(name) || name === normalizeLocation(ownLocation);
}

/**
 * Refuses a location in which the service has no resources of a type.
 *
 * @throws ArmError 400 `LocationNotAvailableForResourceType`
 */
export function judgeLocation(location: string, ownLocation: string, type = "images"): void {
  if (!isKnownLocation(location, ownLocation)) {
    throw new ArmError(
      400,
      "LocationNotAvailableForResourceType",
      `The provided location '${location}' is not available for resource type 'Microsoft.Compute/${type}'. List of available regions for the resource type is '${[...DISPLAY_NAMES.keys()].join(",")}'.`,
    );
  }
}
