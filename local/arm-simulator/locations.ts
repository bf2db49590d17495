import { ArmError } from "./errors.ts";

/** Regions in which Compute offers images, by their short names. */
const REGIONS: readonly string[] = [
  "australiacentral australiacentral2 australiaeast australiasoutheast austriaeast belgiumcentral",
  "brazilsouth brazilsoutheast canadacentral canadaeast centralindia centralus chilecentral eastasia",
  "eastus eastus2 eastus3 francecentral francesouth germanynorth germanywestcentral indonesiacentral",
  "israelcentral italynorth japaneast japanwest jioindiacentral jioindiawest koreacentral koreasouth",
  "malaysiawest mexicocentral newzealandnorth northcentralus northeurope norwayeast norwaywest",
  "polandcentral qatarcentral southafricanorth southafricawest southcentralus southeastasia southindia",
  "spaincentral swedencentral swedensouth switzerlandnorth switzerlandwest uaecentral uaenorth uksouth",
  "ukwest westcentralus westeurope westindia westus westus2 westus3",
  "chinaeast chinaeast2 chinaeast3 chinanorth chinanorth2 chinanorth3",
  "usgovarizona usgovtexas usgovvirginia",
].flatMap((line) => line.split(" "));

/** Returns a location's short name: `West US` → `westus`, as the service echoes it. */
export function normalizeLocation(location: string): string {
  return location.replaceAll(/\s/g, "").toLowerCase();
}

/**
 * Refuses a location in which the service has no images.
 *
 * @throws ArmError 400 `LocationNotAvailableForResourceType`
 */
export function judgeLocation(location: string, ownLocation: string): void {
  const known = [...REGIONS, normalizeLocation(ownLocation)];
  if (!known.includes(normalizeLocation(location))) {
    throw new ArmError(
      400,
      "LocationNotAvailableForResourceType",
      `The provided location '${location}' is not available for resource type 'Microsoft.Compute/images'. List of available regions for the resource type is '${REGIONS.join(",")}'.`,
    );
  }
}
