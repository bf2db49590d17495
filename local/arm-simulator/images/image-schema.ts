import {
  INT32,
  READ_ONLY_TEXT,
  RESOURCE_DEFINITIONS,
  ref,
  type SchemaDefinitions,
  since,
  TEXT,
} from "../judge/schema-node.ts";

/**
 * The definitions of the official Compute API schema, version 2026-04-01, that a PUT or PATCH of an
 * image touches. Descriptions are left out; `since` and its like say what earlier versions did not
 * have, by their official clients (azure-mgmt-compute for Python). Sources, all in
 * https://github.com/Azure/azure-rest-api-specs: `Image*`, `UpdateResource` and the enumerations from
 * `ComputeRP.json`, `SubResource` and `ExtendedLocation` from Compute's `common.json`,
 * `TrackedResource` from the common types v3.
 */
export const IMAGE_DEFINITIONS: SchemaDefinitions = {
  ...RESOURCE_DEFINITIONS,
  Image: {
    type: "object",
    properties: {
      properties: ref("ImageProperties"),
      extendedLocation: since("2020-12-01", ref("ExtendedLocation")),
    },
    allOf: [ref("TrackedResource")],
  },
  UpdateResource: { type: "object", properties: { tags: ref("Tags") } },
  ImageUpdate: {
    type: "object",
    properties: { properties: ref("ImageProperties") },
    allOf: [ref("UpdateResource")],
  },
  ExtendedLocation: {
    type: "object",
    properties: { name: TEXT, type: ref("ExtendedLocationType") },
  },
  ExtendedLocationType: { type: "string", enum: ["EdgeZone"], modelAsString: true },
  ImageProperties: {
    type: "object",
    properties: {
      sourceVirtualMachine: ref("SubResource"),
      storageProfile: ref("ImageStorageProfile"),
      provisioningState: READ_ONLY_TEXT,
      hyperVGeneration: since("2019-03-01", ref("HyperVGenerationTypes")),
    },
  },
  ImageStorageProfile: {
    type: "object",
    properties: {
      osDisk: ref("ImageOSDisk"),
      dataDisks: { type: "array", items: ref("ImageDataDisk") },
      zoneResilient: since("2017-12-01", { type: "boolean" }),
    },
    requiredUntil: { osDisk: "2017-12-01" },
  },
  ImageDisk: {
    type: "object",
    properties: {
      snapshot: ref("SubResource"),
      managedDisk: ref("SubResource"),
      blobUri: TEXT,
      caching: ref("CachingTypes"),
      diskSizeGB: INT32,
      storageAccountType: ref("StorageAccountTypes"),
      diskEncryptionSet: since("2019-07-01", ref("DiskEncryptionSetParameters")),
    },
  },
  ImageOSDisk: {
    type: "object",
    properties: { osType: ref("OperatingSystemTypes"), osState: ref("OperatingSystemStateTypes") },
    required: ["osType", "osState"],
    allOf: [ref("ImageDisk")],
  },
  ImageDataDisk: {
    type: "object",
    properties: { lun: INT32 },
    required: ["lun"],
    allOf: [ref("ImageDisk")],
  },
  SubResource: { type: "object", properties: { id: TEXT } },
  DiskEncryptionSetParameters: { type: "object", allOf: [ref("SubResource")] },
  OperatingSystemTypes: { type: "string", enum: ["Windows", "Linux"], modelAsString: false },
  OperatingSystemStateTypes: {
    type: "string",
    enum: ["Generalized", "Specialized"],
    modelAsString: false,
  },
  CachingTypes: {
    type: "string",
    enum: ["None", "ReadOnly", "ReadWrite"],
    modelAsString: false,
  },
  HyperVGenerationTypes: { type: "string", enum: ["V1", "V2"], modelAsString: true },
  StorageAccountTypes: {
    type: "string",
    enum: [
      "Standard_LRS",
      "Premium_LRS",
      "StandardSSD_LRS",
      "UltraSSD_LRS",
      "Premium_ZRS",
      "StandardSSD_ZRS",
      "PremiumV2_LRS",
    ],
    enumSince: {
      StandardSSD_LRS: "2018-04-01",
      UltraSSD_LRS: "2018-06-01",
      Premium_ZRS: "2020-12-01",
      StandardSSD_ZRS: "2020-12-01",
      PremiumV2_LRS: "2022-03-01",
    },
    modelAsString: true,
  },
};
