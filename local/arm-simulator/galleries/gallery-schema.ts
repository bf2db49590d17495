import {
  BOOLEAN,
  INT32,
  READ_ONLY_TEXT,
  RESOURCE_DEFINITIONS,
  ref,
  type SchemaDefinitions,
  type SchemaNode,
  since,
  TEXT,
} from "../judge/schema-node.ts";

const DATE_TIME: SchemaNode = { type: "string", format: "date-time" };
const READ_ONLY: SchemaNode = { readOnly: true };
/** What this simulator does not look into. */
const ANYTHING: SchemaNode = {};

const object = (
  properties: Readonly<Record<string, SchemaNode>>,
  required: readonly string[] = [],
): SchemaNode => ({ type: "object", properties, required });

const extend = (
  parent: string,
  properties: Readonly<Record<string, SchemaNode>> = {},
  required: readonly string[] = [],
): SchemaNode => ({ ...object(properties, required), allOf: [ref(parent)] });

const list = (name: string): SchemaNode => ({ type: "array", items: ref(name) });
const open = (...values: readonly string[]): SchemaNode => ({
  type: "string",
  enum: values,
  modelAsString: true,
});
const closed = (...values: readonly string[]): SchemaNode => ({ type: "string", enum: values });

/**
 * The definitions of the official Compute Gallery schema, version 2025-12-03, that a PUT or PATCH of
 * a definition or a version touches; descriptions are left out, and `since` and `until` say what
 * other versions have, by their official clients as far as these go (2022-03-03). Source: `GalleryRP.json` in
 * https://github.com/Azure/azure-rest-api-specs. `Gallery` itself is looser than the official text.
 */
export const GALLERY_DEFINITIONS: SchemaDefinitions = {
  ...RESOURCE_DEFINITIONS,
  UpdateResourceDefinition: object({
    id: READ_ONLY_TEXT,
    name: READ_ONLY_TEXT,
    type: READ_ONLY_TEXT,
    tags: ref("Tags"),
  }),

  Gallery: extend("TrackedResource", { properties: ref("GalleryProperties"), identity: ANYTHING }),
  GalleryUpdate: extend("UpdateResourceDefinition", {
    properties: ref("GalleryProperties"),
    identity: ANYTHING,
  }),
  GalleryProperties: object({
    description: TEXT,
    identifier: object({ uniqueName: READ_ONLY_TEXT }),
    provisioningState: READ_ONLY_TEXT,
    sharingProfile: since("2020-09-30", ANYTHING),
    softDeletePolicy: since("2021-07-01", object({ isSoftDeleteEnabled: BOOLEAN })),
    sharingStatus: READ_ONLY,
  }),

  GalleryImage: extend("TrackedResource", { properties: ref("GalleryImageProperties") }),
  GalleryImageUpdate: extend("UpdateResourceDefinition", {
    properties: ref("GalleryImageProperties"),
  }),
  GalleryImageProperties: object(
    {
      description: TEXT,
      eula: TEXT,
      privacyStatementUri: TEXT,
      releaseNoteUri: TEXT,
      osType: closed("Windows", "Linux"),
      osState: closed("Generalized", "Specialized"),
      hyperVGeneration: since("2019-07-01", open("V1", "V2")),
      endOfLifeDate: DATE_TIME,
      identifier: ref("GalleryImageIdentifier"),
      recommended: object({ vCPUs: ref("ResourceRange"), memory: ref("ResourceRange") }),
      disallowed: object({ diskTypes: { type: "array", items: TEXT } }),
      purchasePlan: object({ name: TEXT, publisher: TEXT, product: TEXT }),
      provisioningState: READ_ONLY_TEXT,
      features: since("2020-09-30", list("GalleryImageFeature")),
      architecture: since("2021-10-01", open("x64", "Arm64")),
      allowUpdateImage: BOOLEAN,
    },
    ["osType", "osState", "identifier"],
  ),
  GalleryImageIdentifier: object({ publisher: TEXT, offer: TEXT, sku: TEXT }, [
    "publisher",
    "offer",
    "sku",
  ]),
  GalleryImageFeature: object({ name: TEXT, value: TEXT, startsAtVersion: TEXT }),
  ResourceRange: object({ min: INT32, max: INT32 }),

  GalleryImageVersion: extend("TrackedResource", {
    properties: ref("GalleryImageVersionProperties"),
  }),
  GalleryImageVersionUpdate: extend("UpdateResourceDefinition", {
    properties: ref("GalleryImageVersionProperties"),
  }),
  GalleryImageVersionProperties: {
    ...object({
      publishingProfile: ref("GalleryImageVersionPublishingProfile"),
      provisioningState: READ_ONLY_TEXT,
      storageProfile: ref("GalleryImageVersionStorageProfile"),
      safetyProfile: since("2022-03-03", ref("GalleryImageVersionSafetyProfile")),
      replicationStatus: READ_ONLY,
      securityProfile: since("2023-07-03", ref("ImageVersionSecurityProfile")),
      restore: since("2024-03-03", BOOLEAN),
      validationsProfile: READ_ONLY,
    }),
    requiredSince: { storageProfile: "2019-07-01" },
  },
  GalleryImageVersionPublishingProfile: object({
    targetRegions: list("TargetRegion"),
    replicaCount: INT32,
    excludeFromLatest: BOOLEAN,
    publishedDate: READ_ONLY_TEXT,
    endOfLifeDate: DATE_TIME,
    source: { ...object({ managedImage: object({ id: TEXT }) }), until: "2019-07-01" },
    storageAccountType: since("2019-03-01", ref("StorageAccountType")),
    replicationMode: since("2021-07-01", open("Full", "Shallow")),
    targetExtendedLocations: since("2021-10-01", list("GalleryTargetExtendedLocation")),
    storageAccountStrategy: open("PreferStandard_ZRS", "DefaultStandard_LRS"),
  }),
  TargetRegion: object(
    {
      name: TEXT,
      regionalReplicaCount: INT32,
      storageAccountType: since("2019-03-01", ref("StorageAccountType")),
      encryption: since("2019-12-01", ref("EncryptionImages")),
      excludeFromLatest: since("2022-03-03", BOOLEAN),
      additionalReplicaSets: list("AdditionalReplicaSet"),
    },
    ["name"],
  ),
  AdditionalReplicaSet: object({
    storageAccountType: ref("StorageAccountType"),
    regionalReplicaCount: INT32,
  }),
  StorageAccountType: open("Standard_LRS", "Standard_ZRS", "Premium_LRS", "PremiumV2_LRS"),
  GalleryTargetExtendedLocation: object({
    name: TEXT,
    extendedLocation: object({ name: TEXT, type: open("EdgeZone", "Unknown") }),
    extendedLocationReplicaCount: INT32,
    storageAccountType: open("Standard_LRS", "Standard_ZRS", "StandardSSD_LRS", "Premium_LRS"),
    encryption: ref("EncryptionImages"),
  }),
  EncryptionImages: object({
    osDiskImage: ref("OSDiskImageEncryption"),
    dataDiskImages: list("DataDiskImageEncryption"),
  }),
  DiskImageEncryption: object({ diskEncryptionSetId: TEXT }),
  OSDiskImageEncryption: extend("DiskImageEncryption", {
    securityProfile: since(
      "2021-10-01",
      object({
        confidentialVMEncryptionType: open(
          "EncryptedVMGuestStateOnlyWithPmk",
          "EncryptedWithPmk",
          "EncryptedWithCmk",
          "NonPersistedTPM",
        ),
        secureVMDiskEncryptionSetId: TEXT,
      }),
    ),
  }),
  DataDiskImageEncryption: extend("DiskImageEncryption", { lun: INT32 }, ["lun"]),
  GalleryImageVersionStorageProfile: object({
    source: since("2019-07-01", ref("GalleryArtifactVersionFullSource")),
    osDiskImage: ref("GalleryOSDiskImage"),
    dataDiskImages: list("GalleryDataDiskImage"),
  }),
  GalleryArtifactVersionSource: object({ id: TEXT }),
  GalleryArtifactVersionFullSource: extend("GalleryArtifactVersionSource", {
    communityGalleryImageId: since("2022-03-03", TEXT),
    virtualMachineId: since("2023-07-03", TEXT),
  }),
  GalleryDiskImageSource: extend("GalleryArtifactVersionSource", {
    uri: since("2020-09-30", TEXT),
    storageAccountId: since("2022-03-03", TEXT),
  }),
  GalleryDiskImage: object({
    sizeInGB: { ...INT32, readOnly: true },
    hostCaching: closed("None", "ReadOnly", "ReadWrite"),
    source: since("2019-07-01", ref("GalleryDiskImageSource")),
  }),
  GalleryOSDiskImage: extend("GalleryDiskImage"),
  GalleryDataDiskImage: extend("GalleryDiskImage", { lun: INT32 }, ["lun"]),
  GalleryImageVersionSafetyProfile: object({
    reportedForPolicyViolation: { ...BOOLEAN, readOnly: true },
    policyViolations: READ_ONLY,
    blockDeletionBeforeEndOfLife: BOOLEAN,
    allowDeletionOfReplicatedLocations: BOOLEAN,
  }),
  ImageVersionSecurityProfile: object({ uefiSettings: ref("GalleryImageVersionUefiSettings") }),
  GalleryImageVersionUefiSettings: object({
    signatureTemplateNames: {
      type: "array",
      items: open(
        "NoSignatureTemplate",
        "MicrosoftUefiCertificateAuthorityTemplate",
        "MicrosoftWindowsTemplate",
      ),
    },
    additionalSignatures: object({
      pk: ref("UefiKey"),
      kek: list("UefiKey"),
      db: list("UefiKey"),
      dbx: list("UefiKey"),
    }),
  }),
  UefiKey: object({ type: open("sha256", "x509"), value: { type: "array", items: TEXT } }),
};
