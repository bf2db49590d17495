import { describe, expect, it } from "vitest";
import { manifestJsonSchema } from "../../../../shared/manifest/schema.ts";
import { computeId, SUBSCRIPTION_ID } from "../../../factories.ts";
import { read, readBody, readRequest } from "./reading.ts";

/** Part of a JSON Schema, as far as it is walked here. */
interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

/** Paths of everything that a manifest can say: `properties.storageProfile.dataDisks[].lun`. */
function listLeaves({ properties, items, anyOf }: SchemaNode, path = ""): string[] {
  if (items !== undefined) return listLeaves(items, `${path}[]`);
  const object = anyOf?.find((each) => each.properties !== undefined && path !== "");
  if (properties === undefined && object !== undefined) return listLeaves(object, path);
  if (properties === undefined) return [path];
  return Object.entries(properties).flatMap(([key, node]) =>
    listLeaves(node, path === "" ? key : `${path}.${key}`),
  );
}

/** Makes a disk come from what is set, in place of a blob. */
const NO_BLOB = { blobUri: undefined };
const DISK_SAMPLES = {
  blobUri: { blobUri: "other.vhd" },
  "snapshot.id": { ...NO_BLOB, snapshot: { id: computeId("snapshots", "s") } },
  "managedDisk.id": { ...NO_BLOB, managedDisk: { id: computeId("disks", "d") } },
  caching: { caching: "ReadOnly" },
  hostCaching: { hostCaching: "ReadOnly" },
  diskSizeGB: { diskSizeGB: 77 },
  diskSizeInGB: { diskSizeInGB: 77 },
  storageAccountType: { storageAccountType: "Premium_LRS" },
  "diskEncryptionSet.id": { diskEncryptionSet: { id: computeId("diskEncryptionSets", "e") } },
};

const OS_DISK = { osType: "Linux", osState: "Generalized", blobUri: "web.vhd" };
const DATA_DISK = { lun: 1, blobUri: "data.vhd" };

/** A manifest that says little, with more in its OS disk, its data disk, or its properties. */
function manifestWith({ os = {}, data = {}, profile = {}, properties = {}, top = {} }) {
  const storageProfile = {
    osDisk: { ...OS_DISK, ...os },
    dataDisks: [{ ...DATA_DISK, ...data }],
    ...profile,
  };
  return { ...top, properties: { storageProfile, ...properties } };
}

const EDGE_ZONE = { name: "losangeles", type: "EdgeZone" };
const PLACE = { name: "images", definition: "ubuntu" };
const DEFINITION = { publisher: "contoso", offer: "server", sku: "24" };
const ENCRYPTION_SET = computeId("diskEncryptionSets", "e");

/** A plain manifest that asks for an image version too. */
function versionWith(gallery: object, top = {}) {
  return manifestWith({ top: { managedImage: true, gallery: { ...PLACE, ...gallery }, ...top } });
}

const inRegion = (region: object) => ({
  targetRegions: [{ name: "westeurope", ...region }],
});
const encrypted = (encryption: object) => inRegion({ encryption });
const inZone = (zone: object) => ({
  targetExtendedLocations: [{ name: "westus", extendedLocation: EDGE_ZONE, ...zone }],
});
const KEY = { type: "sha256", value: ["AQID"] };
const signedBy = (additionalSignatures: object) => ({
  securityProfile: { uefiSettings: { additionalSignatures } },
});
const defined = (more: object) => ({ createDefinition: { ...DEFINITION, ...more } });

const ENCRYPTION_SAMPLES = {
  "osDiskImage.diskEncryptionSetId": { osDiskImage: { diskEncryptionSetId: ENCRYPTION_SET } },
  "osDiskImage.securityProfile.confidentialVMEncryptionType": {
    osDiskImage: { securityProfile: { confidentialVMEncryptionType: "EncryptedWithPmk" } },
  },
  "osDiskImage.securityProfile.secureVMDiskEncryptionSetId": {
    osDiskImage: { securityProfile: { secureVMDiskEncryptionSetId: ENCRYPTION_SET } },
  },
  "dataDiskImages[].lun": { dataDiskImages: [{ lun: 41 }] },
  "dataDiskImages[].diskEncryptionSetId": {
    dataDiskImages: [{ lun: 41, diskEncryptionSetId: ENCRYPTION_SET }],
  },
};

/** The same for `gallery`. */
const VERSION_SAMPLES: Readonly<Record<string, object>> = {
  subscriptionId: { subscriptionId: "99999999-2222-3333-4444-555555555555" },
  resourceGroup: { resourceGroup: "galleries-rg" },
  name: { name: "other" },
  definition: { definition: "other" },
  location: { location: "japaneast" },
  version: { version: "1.4.auto" },
  "targetRegions[].name": { targetRegions: ["northeurope"] },
  "targetRegions[].regionalReplicaCount": inRegion({ regionalReplicaCount: 7 }),
  "targetRegions[].storageAccountType": inRegion({ storageAccountType: "Premium_LRS" }),
  "targetRegions[].excludeFromLatest": inRegion({ excludeFromLatest: true }),
  "targetRegions[].additionalReplicaSets[].storageAccountType": inRegion({
    additionalReplicaSets: [{ storageAccountType: "PremiumV2_LRS" }],
  }),
  "targetRegions[].additionalReplicaSets[].regionalReplicaCount": inRegion({
    additionalReplicaSets: [{ regionalReplicaCount: 7 }],
  }),
  ...Object.fromEntries(
    Object.entries(ENCRYPTION_SAMPLES).flatMap(([key, sample]) => [
      [`targetRegions[].encryption.${key}`, encrypted(sample)],
      [`targetExtendedLocations[].encryption.${key}`, inZone({ encryption: sample })],
    ]),
  ),
  "targetExtendedLocations[].name": inZone({}),
  "targetExtendedLocations[].extendedLocation.name": inZone({}),
  "targetExtendedLocations[].extendedLocation.type": inZone({}),
  "targetExtendedLocations[].extendedLocationReplicaCount": inZone({
    extendedLocationReplicaCount: 7,
  }),
  "targetExtendedLocations[].storageAccountType": inZone({ storageAccountType: "StandardSSD_LRS" }),
  replicaCount: { replicaCount: 7 },
  storageAccountType: { storageAccountType: "Standard_ZRS" },
  storageAccountStrategy: { storageAccountStrategy: "PreferStandard_ZRS" },
  replicationMode: { replicationMode: "Shallow" },
  excludeFromLatest: { excludeFromLatest: true },
  endOfLifeDate: { endOfLifeDate: "2031-01-31T00:00:00.000Z" },
  "safetyProfile.allowDeletionOfReplicatedLocations": {
    safetyProfile: { allowDeletionOfReplicatedLocations: true },
  },
  "safetyProfile.blockDeletionBeforeEndOfLife": {
    safetyProfile: { blockDeletionBeforeEndOfLife: true },
  },
  "securityProfile.uefiSettings.signatureTemplateNames[]": {
    securityProfile: { uefiSettings: { signatureTemplateNames: ["MicrosoftWindowsTemplate"] } },
  },
  ...Object.fromEntries(
    ["type", "value[]"].flatMap((key) => [
      [`securityProfile.uefiSettings.additionalSignatures.pk.${key}`, signedBy({ pk: KEY })],
      ...["kek", "db", "dbx"].map((list) => [
        `securityProfile.uefiSettings.additionalSignatures.${list}[].${key}`,
        signedBy({ [list]: [KEY] }),
      ]),
    ]),
  ),
  tags: { tags: { team: "versions" } },
  storageAccountId: {
    storageAccountId: `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/disks`,
  },
  "createDefinition.publisher": defined({ publisher: "other" }),
  "createDefinition.offer": defined({ offer: "other" }),
  "createDefinition.sku": defined({ sku: "other" }),
  "createDefinition.architecture": defined({ architecture: "Arm64" }),
  "createDefinition.features[].name": defined({ features: [{ name: "Other", value: "True" }] }),
  "createDefinition.features[].value": defined({ features: [{ name: "Other", value: "True" }] }),
  "createDefinition.features[].startsAtVersion": defined({
    features: [{ name: "Other", value: "True", startsAtVersion: "2.0.0" }],
  }),
  "createDefinition.allowUpdateImage": defined({ allowUpdateImage: true }),
  "createDefinition.recommended.vCPUs.min": defined({ recommended: { vCPUs: { min: 71 } } }),
  "createDefinition.recommended.vCPUs.max": defined({ recommended: { vCPUs: { max: 71 } } }),
  "createDefinition.recommended.memory.min": defined({ recommended: { memory: { min: 71 } } }),
  "createDefinition.recommended.memory.max": defined({ recommended: { memory: { max: 71 } } }),
  "createDefinition.disallowed.diskTypes[]": defined({ disallowed: { diskTypes: ["Premium"] } }),
  "createDefinition.purchasePlan.name": defined({ purchasePlan: { name: "plan" } }),
  "createDefinition.purchasePlan.publisher": defined({
    purchasePlan: { name: "plan", publisher: "seller" },
  }),
  "createDefinition.purchasePlan.product": defined({
    purchasePlan: { name: "plan", product: "thing" },
  }),
  "createDefinition.description": defined({ description: "for tests" }),
  "createDefinition.eula": defined({ eula: "none" }),
  "createDefinition.privacyStatementUri": defined({ privacyStatementUri: "https://a.test/p" }),
  "createDefinition.releaseNoteUri": defined({ releaseNoteUri: "https://a.test/r" }),
  "createDefinition.endOfLifeDate": defined({ endOfLifeDate: "2031-01-31T00:00:00.000Z" }),
  "createDefinition.tags": defined({ tags: { team: "definitions" } }),
};

/** For each key a manifest that has it, otherwise than the plain one does. */
const SAMPLES: Readonly<Record<string, unknown>> = {
  imageName: manifestWith({ top: { imageName: "other" } }),
  resourceGroup: manifestWith({ top: { resourceGroup: "other-rg" } }),
  subscriptionId: manifestWith({
    top: { subscriptionId: "99999999-2222-3333-4444-555555555555" },
  }),
  location: manifestWith({ top: { location: "japaneast" } }),
  tags: manifestWith({ top: { tags: { team: "images" } } }),
  "extendedLocation.name": manifestWith({ top: { extendedLocation: EDGE_ZONE } }),
  "extendedLocation.type": manifestWith({ top: { extendedLocation: EDGE_ZONE } }),
  inspect: manifestWith({ top: { inspect: "off" } }),
  convert: manifestWith({ top: { convert: "never" } }),
  managedImage: manifestWith({ top: { managedImage: true } }),
  ...Object.fromEntries(
    Object.entries(VERSION_SAMPLES).map(([key, gallery]) => [
      `gallery.${key}`,
      versionWith(gallery),
    ]),
  ),
  "gallery.source.id": {
    gallery: { ...PLACE, source: { id: computeId("images", "golden") } },
  },
  "properties.hyperVGeneration": manifestWith({ properties: { hyperVGeneration: "V2" } }),
  "properties.sourceVirtualMachine.id": {
    properties: { sourceVirtualMachine: { id: computeId("virtualMachines", "vm") } },
  },
  "properties.storageProfile.zoneResilient": manifestWith({ profile: { zoneResilient: true } }),
  "properties.storageProfile.osDisk.osType": manifestWith({ os: { osType: "Windows" } }),
  "properties.storageProfile.osDisk.osState": manifestWith({ os: { osState: "Specialized" } }),
  "properties.storageProfile.dataDisks[].lun": manifestWith({ data: { lun: 9 } }),
  ...Object.fromEntries(
    Object.entries(DISK_SAMPLES).flatMap(([key, disk]) => [
      [`properties.storageProfile.osDisk.${key}`, manifestWith({ os: disk })],
      [`properties.storageProfile.dataDisks[].${key}`, manifestWith({ data: disk })],
    ]),
  ),
};

/** Keys that are for others than the app. */
const NOT_FOR_THE_APP = ["$schema"];

/** Everything that the app takes from a manifest: the body of the PUT, its address, how it inspects. */
function observe(manifest: unknown) {
  const { imageName, resourceGroup, subscriptionId, managedImage, gallery } = readRequest(manifest);
  const reading = read(manifest);
  const inspect = reading.ok ? reading.inspect : null;
  const convert = reading.ok ? reading.convert : null;
  return {
    body: readBody(manifest),
    address: { imageName, resourceGroup, subscriptionId },
    inspect,
    convert,
    managedImage,
    gallery,
  };
}

describe("every key of a manifest", () => {
  const leaves = listLeaves(manifestJsonSchema() as SchemaNode);

  it("has a sample here, or is for somebody else", () => {
    expect([...Object.keys(SAMPLES), ...NOT_FOR_THE_APP].sort()).toEqual(leaves.sort());
  });

  it.each(Object.entries(SAMPLES))("is read, so that what it says arrives: %s", (key, manifest) => {
    expect(observe(manifest)).not.toEqual(observe(manifestWith({})));
    const values = collectValues(manifest);
    const isNew = (value: unknown) =>
      value !== undefined && !collectValues(manifestWith({})).has(value);
    const arrived = collectValues(observe(manifest));
    // A relative blob name arrives as the URI that it stands for.
    const isThere = (value: unknown) =>
      arrived.has(value) || [...arrived].some((each) => String(each).endsWith(`/${value}`));
    expect(
      [...values].filter((value) => isNew(value) && !isThere(value)),
      key,
    ).toEqual([]);
  });
});

/** All values in a document, however deep. */
function collectValues(document: unknown): Set<unknown> {
  if (typeof document !== "object" || document === null) return new Set([document]);
  return new Set(Object.values(document).flatMap((value) => [...collectValues(value)]));
}
