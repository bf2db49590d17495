import * as z from "zod";
import { INSPECT_MODES } from "../image/decide-property.ts";
import {
  EDGE_ZONE,
  IMAGE_NAME,
  LOCATION,
  RESOURCE_GROUP,
  SUBSCRIPTION_ID,
} from "../image/names.ts";
import {
  CACHING_TYPES,
  CONVERT_MODES,
  GENERATIONS,
  OS_STATES,
  OS_TYPES,
  STORAGE_ACCOUNT_TYPES,
} from "../vocabulary.ts";
import { gallerySchema } from "./gallery-schema.ts";
import { wordLeaf } from "./leaf.ts";
import {
  booleanLeaf,
  integerLeaf,
  referenceTo,
  tagsSchema,
  text,
  textLeaf,
} from "./value-leaves.ts";

/**
 * The manifest: the request body of "Create a virtual machine image" in an envelope that says what
 * the body's URI would. Both vocabularies are in it, the 2017-03-30 reference's and today's.
 * https://learn.microsoft.com/rest/api/compute/images/create-or-update
 */

export const MAX_LUN = 63;
const MAX_DISK_GB = 32_767;

const size = () =>
  integerLeaf(
    { minimum: 1, maximum: MAX_DISK_GB, textToo: false },
    "Size in GiB; not smaller than the source",
  );
const caching = () => wordLeaf(CACHING_TYPES, "Host caching; Azure's default is None");

const diskShape = {
  blobUri: text(
    "VHD: an absolute URI without SAS, or a blob name in the uploads container",
  ).optional(),
  snapshot: referenceTo("snapshots", "Snapshot to take the disk from").optional(),
  managedDisk: referenceTo("disks", "Managed disk to take the disk from").optional(),
  caching: caching().optional(),
  hostCaching: caching().optional(),
  diskSizeGB: size().optional(),
  diskSizeInGB: size().optional(),
  storageAccountType: wordLeaf(STORAGE_ACCOUNT_TYPES, "Storage type of the disk").optional(),
  diskEncryptionSet: referenceTo("diskEncryptionSets", "Customer-managed keys").optional(),
};

/** For editors; the reader has its own rule with a better message. */
const oneSource = {
  oneOf: [["blobUri"], ["snapshot"], ["managedDisk"]].map((required) => ({ required })),
};

const osDisk = z
  .strictObject({
    osType: wordLeaf(
      OS_TYPES,
      "Operating system on the disk; defaults to what is detected on the disk, otherwise to the setting DEFAULT_OS_TYPE",
    ).optional(),
    osState: wordLeaf(OS_STATES, "State of the operating system").optional(),
    ...diskShape,
  })
  .meta(oneSource);

const dataDisk = z
  .strictObject({
    lun: integerLeaf(
      { minimum: 0, maximum: MAX_LUN, textToo: true },
      "Logical unit number, unique",
    ),
    ...diskShape,
  })
  .meta(oneSource);

const storageProfile = z.strictObject({
  osDisk: osDisk.optional(),
  dataDisks: z.array(dataDisk).optional(),
  zoneResilient: booleanLeaf("Store the image zone-redundantly").optional(),
});

const extendedLocation = z.strictObject({
  name: textLeaf(EDGE_ZONE, "Name of the edge zone"),
  type: wordLeaf(["EdgeZone"], "Kind of the extended location"),
});

export const manifestSchema = z
  .strictObject({
    $schema: text("For editors").optional(),
    imageName: textLeaf(
      IMAGE_NAME,
      "Name of the image; defaults to the manifest's base name",
    ).optional(),
    resourceGroup: textLeaf(
      RESOURCE_GROUP,
      "Resource group of the image; defaults to the setting IMAGE_RESOURCE_GROUP",
    ).optional(),
    subscriptionId: textLeaf(
      SUBSCRIPTION_ID,
      "Subscription of the image; defaults to the setting AZURE_SUBSCRIPTION_ID",
    ).optional(),
    location: textLeaf(
      LOCATION,
      "Region of the image; defaults to the setting IMAGE_LOCATION",
    ).optional(),
    tags: tagsSchema("Tags of the image").optional(),
    extendedLocation: extendedLocation.optional(),
    inspect: wordLeaf(
      INSPECT_MODES,
      "Effect of a disk that contradicts the manifest: the request fails (enforce, the default), a warning is reported (warn), or none (off)",
    ).optional(),
    convert: wordLeaf(
      CONVERT_MODES,
      "Whether disks in other formats than a fixed VHD are converted; defaults to the setting CONVERT",
    ).optional(),
    managedImage: booleanLeaf(
      "Whether to create a managed image; defaults to true without 'gallery', otherwise to false",
    ).optional(),
    gallery: gallerySchema.optional(),
    properties: z
      .strictObject({
        hyperVGeneration: wordLeaf(
          GENERATIONS,
          "Hyper-V generation; defaults to what is detected on the OS disk, otherwise to the setting DEFAULT_HYPERV_GENERATION",
        ).optional(),
        sourceVirtualMachine: referenceTo(
          "virtualMachines",
          "Virtual machine to capture, stopped and generalized",
        ).optional(),
        storageProfile: storageProfile.optional(),
      })
      .optional(),
  })
  .meta({
    title: "vhd-to-image manifest",
    description: "Requests a virtual machine image",
    anyOf: [
      { required: ["properties"] },
      { required: ["gallery"], properties: { gallery: { required: ["source"] } } },
    ],
  });

/** A manifest that the schema accepts: values in today's form, keys still of both vocabularies. */
export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestOsDisk = z.infer<typeof osDisk>;
export type ManifestDisk = z.infer<typeof osDisk> | z.infer<typeof dataDisk>;

/** The manifest's JSON Schema (draft 2020-12), for editors; made from the schema the app reads with. */
export function manifestJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(manifestSchema, { io: "input", unrepresentable: "any" }) as Record<
    string,
    unknown
  >;
}
