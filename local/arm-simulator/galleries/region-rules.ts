import { invalidParameter } from "../errors.ts";
import { displayLocation, normalizeLocation } from "../locations.ts";
import type { PublishingProfile, TargetRegion } from "./version-model.ts";

/** Replicas that a version can have in all. */
const MAX_REPLICAS = 100;

/** Regions without availability zones, which have no zone-redundant storage; a snapshot. */
const REGIONS_WITHOUT_ZONES: readonly string[] = [
  "australiacentral australiacentral2 australiasoutheast brazilsoutheast canadaeast francesouth",
  "germanynorth jioindiacentral jioindiawest koreasouth northcentralus norwaywest southafricawest",
  "southindia swedensouth switzerlandwest uaecentral ukwest westcentralus westindia westus",
].flatMap((line) => line.split(" "));

/**
 * Judges the regions that a version is to be replicated to.
 *
 * @throws ArmError 400 `InvalidParameter`
 */
export function judgeRegions(
  profile: PublishingProfile,
  path: string,
  home: string,
  isKnown: (region: string) => boolean,
): void {
  const regions = profile.targetRegions ?? [];
  const target = `${path}.targetRegions`;
  const names = regions.map(({ name }) => normalizeLocation(name));
  for (const { name } of regions) {
    if (!isKnown(name)) {
      throw invalidParameter(target, `The region '${name}' is not a valid publishing region.`);
    }
  }
  if (new Set(names).size < names.length) {
    // Wording: https://github.com/hashicorp/terraform-provider-azurerm/issues/7751
    throw invalidParameter(
      target,
      "Duplicate regions are not allowed in target publishing regions.",
    );
  }
  if (names.length > 0 && !names.includes(home)) {
    throw invalidParameter(
      target,
      `The location of the gallery image version, '${displayLocation(home)}', must be one of the target publishing regions.`,
    );
  }
  judgeReplicas(profile, path);
  judgeShallow(profile, target);
  judgeZones(profile.storageAccountType, regions.length === 0 ? [{ name: home }] : regions, path);
  judgeEncryption(regions, target);
}

function judgeReplicas({ replicaCount, targetRegions = [] }: PublishingProfile, path: string) {
  const judge = (count: number | undefined, name: string) => {
    if (count !== undefined && (count < 1 || count > MAX_REPLICAS)) {
      throw invalidParameter(
        name,
        `The value '${count}' of parameter '${name}' is out of range. The value must be between 1 and ${MAX_REPLICAS} inclusive.`,
      );
    }
    return count ?? replicaCount ?? 1;
  };
  judge(replicaCount, `${path}.replicaCount`);
  let total = 0;
  for (const { name, regionalReplicaCount, additionalReplicaSets = [] } of targetRegions) {
    const at = `${path}.targetRegions.${normalizeLocation(name)}`;
    total += judge(regionalReplicaCount, `${at}.regionalReplicaCount`);
    for (const set of additionalReplicaSets) {
      total += judge(set.regionalReplicaCount, `${at}.additionalReplicaSets.regionalReplicaCount`);
    }
  }
  judge(Math.max(total, 1), `${path}.targetRegions.regionalReplicaCount`);
}

function judgeShallow({ replicationMode, targetRegions = [] }: PublishingProfile, target: string) {
  if (replicationMode === "Shallow" && targetRegions.length > 1) {
    throw invalidParameter(
      target,
      "A gallery image version with replicationMode 'Shallow' can be published to its own region only.",
    );
  }
}

function judgeZones(
  usualType: string | undefined,
  regions: readonly TargetRegion[],
  path: string,
): void {
  for (const { name, storageAccountType = usualType } of regions) {
    if (
      storageAccountType === "Standard_ZRS" &&
      REGIONS_WITHOUT_ZONES.includes(normalizeLocation(name))
    ) {
      throw invalidParameter(
        `${path}.targetRegions.${normalizeLocation(name)}.storageAccountType`,
        `The storage account type 'Standard_ZRS' is not supported in region '${displayLocation(name)}'.`,
      );
    }
  }
}

/** Encryption is for all regions or for none: https://github.com/hashicorp/packer-plugin-azure/issues/264. */
function judgeEncryption(regions: readonly TargetRegion[], target: string): void {
  const isEncrypted = ({ encryption }: TargetRegion) =>
    encryption?.osDiskImage?.diskEncryptionSetId !== undefined;
  const plain = regions.find((region) => !isEncrypted(region));
  if (plain !== undefined && regions.some(isEncrypted)) {
    throw invalidParameter(
      target,
      `Encryption must be specified for all target publishing regions or for none. Region '${displayLocation(plain.name)}' has no disk encryption set.`,
    );
  }
}
