/**
 * The definitions of the official Compute API schema, version 2026-04-01, that a PUT or PATCH of an
 * image touches, in the vocabulary of that schema (OpenAPI 2). Descriptions are left out. Sources,
 * all in https://github.com/Azure/azure-rest-api-specs: `Image*`, `UpdateResource` and the
 * enumerations from `ComputeRP.json`, `SubResource` and `ExtendedLocation` from Compute's
 * `common.json`, `TrackedResource` from the common types v3.
 *
 * `modelAsString: true` marks an open enumeration: a later service may know more values. The service
 * of this version knows only the listed ones.
 */
export interface SchemaNode {
  readonly $ref?: string;
  readonly type?: "object" | "array" | "string" | "integer" | "boolean";
  readonly format?: "int32";
  readonly enum?: readonly string[];
  readonly modelAsString?: boolean;
  readonly readOnly?: boolean;
  readonly items?: SchemaNode;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode;
  readonly required?: readonly string[];
  readonly allOf?: readonly SchemaNode[];
}

const TEXT: SchemaNode = { type: "string" };
const INT32: SchemaNode = { type: "integer", format: "int32" };
const READ_ONLY_TEXT: SchemaNode = { type: "string", readOnly: true };

const ref = (name: string): SchemaNode => ({ $ref: name });

/** The definitions by name; `$ref` holds such a name. */
export const IMAGE_DEFINITIONS: Readonly<Record<string, SchemaNode>> = {
  Resource: {
    type: "object",
    properties: {
      id: READ_ONLY_TEXT,
      name: READ_ONLY_TEXT,
      type: READ_ONLY_TEXT,
      systemData: { type: "object", readOnly: true },
    },
  },
  Tags: { type: "object", additionalProperties: TEXT },
  TrackedResource: {
    type: "object",
    properties: { tags: ref("Tags"), location: TEXT },
    required: ["location"],
    allOf: [ref("Resource")],
  },
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
