import { type ErrorDetail, type Failure, failure } from "../../errors.ts";
import type { DefinitionFacts } from "../../gallery-ports.ts";
import { definitionId, type GalleryRequest } from "../../image/gallery-request.ts";
import type { FoundOutput } from "../../ports.ts";
import type { RegionChange } from "./replication.ts";

const UPLOAD_AGAIN = "upload the manifest (or the VHD) again";

/** The options that name a definition to `az sig`. */
function toOptions({ subscriptionId, resourceGroup, name, definition }: GalleryRequest): string {
  return `--subscription ${subscriptionId} --resource-group ${resourceGroup} --gallery-name ${name} --gallery-image-definition ${definition}`;
}

/** A version is there that is not, or not known to be, what this upload would become. */
export function explainVersionExists({ id, state }: FoundOutput, reason: string): Failure {
  const remove = `delete it with 'az resource delete --ids ${id}'`;
  return failure({
    code: "VersionExists",
    message: `The image version ${id} exists and ${reason}.`,
    fix:
      state === "failed"
        ? `It has failed and holds its number: ${remove}, or choose another version, and ${UPLOAD_AGAIN}.`
        : `A version cannot be replaced: choose another 'gallery.version', or 'auto', or ${remove}, and ${UPLOAD_AGAIN}.`,
    target: id,
  });
}

/** The version that Azure was creating does not exist. */
export function explainVersionVanished(id: string): Failure {
  return failure({
    code: "VersionVanished",
    message: `The image version ${id} no longer exists: it was deleted while it was being created.`,
    fix: `${UPLOAD_AGAIN.charAt(0).toUpperCase()}${UPLOAD_AGAIN.slice(1)}.`,
    retryable: true,
    target: id,
  });
}

/** Azure failed to create the version, and its operation did not say why. */
export function explainVersionFailed(id: string): Failure {
  return failure({
    code: "ProvisioningFailed",
    message: `Azure reports the image version ${id} as failed, without a reason.`,
    fix: `Delete the version with 'az resource delete --ids ${id}', and ${UPLOAD_AGAIN}; the activity log of the resource group may say more.`,
    retryable: true,
    target: id,
  });
}

/** The version is there, but not in every region. */
export function explainReplicationFailed(
  gallery: GalleryRequest,
  id: string,
  failed: readonly RegionChange[],
): Failure {
  const names = failed.map(({ region }) => region).join(", ");
  const others = gallery.publishingProfile.targetRegions
    .map(({ name }) => name)
    .filter((name) => failed.every(({ region }) => fold(region) !== fold(name)));
  const update = `az sig image-version update ${toOptions(gallery)} --gallery-image-version ${id.slice(id.lastIndexOf("/") + 1)}`;
  return failure({
    code: "ReplicationFailed",
    message: `The image version ${id} was created, but its replication failed in ${names}.`,
    fix: `Remove the failed regions and add them again: '${update} --target-regions ${others.join(" ")}', then the same with all regions.`,
    target: id,
    details: failed.map(({ region, details }) => ({
      code: "ReplicationFailed",
      message: details === "" ? `Replication to ${region} failed.` : `${region}: ${details}`,
      target: region,
    })),
  });
}

function fold(region: string): string {
  return region.replaceAll(" ", "").toLowerCase();
}

/** A 200 in place of a 201: the PUT has changed a version that somebody else created in between. */
export function explainOverwritten(id: string): Failure {
  return failure({
    code: "VersionOverwritten",
    message: `Azure answered 200 instead of 201: another client created the image version ${id} in the same moment, and this request changed its target regions and tags.`,
    fix: `Compare the version with what its owner published ('az resource show --ids ${id}'), restore its target regions and tags, and publish this disk under another number.`,
    target: id,
  });
}

/** The definition does not exist, and nobody is to create it. */
export function explainNoDefinition(
  gallery: GalleryRequest,
  system: { readonly osType: string; readonly osState: string; readonly generation: string },
): Failure {
  const id = definitionId(gallery);
  const create = `az sig image-definition create ${toOptions(gallery)} --publisher ${gallery.name} --offer ${gallery.definition} --sku ${system.generation} --os-type ${system.osType} --os-state ${system.osState} --hyper-v-generation ${system.generation} --features SecurityType=Standard`;
  return failure({
    code: "DefinitionNotFound",
    message: `The image definition ${id} does not exist.`,
    fix: `Create it:\n${create}\nor correct 'gallery.definition', or add 'gallery.createDefinition'; then ${UPLOAD_AGAIN}.`,
    target: id,
  });
}

/** The definition exists, but Azure has not been able to create or change it. */
export function explainFailedDefinition(gallery: GalleryRequest): Failure {
  const id = definitionId(gallery);
  return failure({
    code: "DefinitionFailed",
    message: `The image definition ${id} has the provisioning state Failed or Canceled: Azure has not completed its creation, or its last change. No version can be published under it.`,
    fix: `See in the activity log who created it and why it failed, and repeat that, or delete the definition and have it created again:\naz monitor activity-log list --resource-id ${id} --offset 90d --query '[].{time:eventTimestamp,who:caller,what:operationName.localizedValue,status:status.value}' --output table\naz sig image-definition delete ${toOptions(gallery)}\nThen ${UPLOAD_AGAIN}.`,
    target: id,
  });
}

/** The definition does not exist, and the settings do not let the app create it. */
export function explainDefinitionDenied(gallery: GalleryRequest): Failure {
  const id = definitionId(gallery);
  return failure({
    code: "NotAllowed",
    message: `The image definition ${id} does not exist and may not be created: ALLOW_DEFINITION_CREATE is not true.`,
    fix: "Have an operator create the definition, or set ALLOW_DEFINITION_CREATE to true.",
    target: "gallery.createDefinition",
  });
}

/** The definition would be created, and nothing could be published under it from this source. */
export function explainIllegalDefinition(gallery: GalleryRequest, illegal: string): Failure {
  return failure({
    code: "DefinitionMismatch",
    message: `The image definition ${definitionId(gallery)} does not exist and is not created: ${illegal}`,
    fix: `Change the SecurityType in 'gallery.createDefinition.features', or leave it out, and ${UPLOAD_AGAIN}; that of an existing definition cannot be changed.`,
    target: "gallery.createDefinition.features",
  });
}

/** The disk is not what the definition is for: both sides are named. */
export function explainMismatch(
  definition: DefinitionFacts,
  details: readonly ErrorDetail[],
): Failure {
  return failure({
    code: "DefinitionMismatch",
    message: details.map(({ message }) => message).join(" "),
    fix: `Publish under a definition that matches the disk, or correct the manifest, and ${UPLOAD_AGAIN}; a definition cannot be changed.`,
    target: definition.id,
    details,
  });
}

/** The storage account of a VHD, which the API wants the id of, cannot be found. */
export function explainUnknownAccount(account: string, subscriptions: readonly string[]): Failure {
  return failure({
    code: "StorageAccountNotFound",
    message: `The storage account '${account}' was not found in the subscription ${subscriptions.join(" or ")}, or the app may not read it; the API needs its resource id.`,
    fix: `Set 'gallery.storageAccountId' to the output of 'az storage account show --name ${account} --query id --output tsv', or grant the app's identity Microsoft.Storage/storageAccounts/read on the account.`,
    target: "gallery.storageAccountId",
  });
}

/** A source is in another region than the version. */
export function explainOtherRegion(what: string, where: string, location: string): Failure {
  return failure({
    code: "StorageAccountLocationMismatch",
    message: `${what} is in '${where}', but the image version is to be created in '${location}'; Azure takes sources from the version's own region only.`,
    fix: `Set 'gallery.location' to '${where}', and ${UPLOAD_AGAIN}; 'gallery.targetRegions' replicates the version to other regions.`,
    target: "gallery.location",
  });
}

/** No number of 32 bits is left in the series. */
export function explainExhausted({ version }: GalleryRequest): Failure {
  return failure({
    code: "VersionNumbersExhausted",
    message: `No number is left for '${version}': the highest one is 2147483647, and nothing is carried over.`,
    fix: `Set 'gallery.version' to another series, such as '2.0.auto', and ${UPLOAD_AGAIN}.`,
    target: "gallery.version",
  });
}
