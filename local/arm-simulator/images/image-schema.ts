import {
  INT32,
  READ_ONLY_TEXT,
  RESOURCE_DEFINITIONS,
  ref,
  type SchemaDefinitions,
  TEXT,
} from "../judge/schema-node.ts";

/**
 * The definitions of the official Compute API schema, version 2026-04-01, that a PUT or PATCH of an
 * image touches. Descriptions are left out. Sources, all in
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
      extendedLocation: ref("ExtendedLocation"),
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
      hyperVGeneration: ref("HyperVGenerationTypes"),
    },
  },
  ImageStorageProfile: {
    type: "object",
    properties: {
      osDisk: ref("ImageOSDisk"),
      dataDisks: { type: "array", items: ref("ImageDataDisk") },
      zoneResilient: { type: "boolean" },
    },
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
      diskEncryptionSet: ref("DiskEncryptionSetParameters"),
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
    modelAsString: true,
  },
};
