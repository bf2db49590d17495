import * as z from "zod";
import {
  DEFINITION_NAME,
  GALLERY_NAME,
  isVersion,
  LOCATION,
  RESOURCE_GROUP,
  SUBSCRIPTION_ID,
  VERSION,
} from "../image/names.ts";
import {
  REPLICATION_MODES,
  SIGNATURE_TEMPLATES,
  STORAGE_STRATEGIES,
  UEFI_KEY_TYPES,
} from "../vocabulary.ts";
import { newDefinition } from "./definition-schema.ts";
import { leaf, wordLeaf } from "./leaf.ts";
import { replicas, storageType, targetEdgeZone, targetRegion } from "./region-schema.ts";
import {
  accountIdLeaf,
  booleanLeaf,
  dateLeaf,
  imageIdLeaf,
  tagsSchema,
  text,
  textLeaf,
} from "./value-leaves.ts";

/**
 * The image version that a manifest asks for: the body of "Gallery Image Versions - Create Or Update",
 * with its address, and without what the disks of the manifest say.
 * https://learn.microsoft.com/rest/api/compute/gallery-image-versions/create-or-update
 */

const uefiKey = (description: string) =>
  z
    .strictObject({
      type: wordLeaf(UEFI_KEY_TYPES, "Form of the key"),
      value: z.array(text("The key in base64")).meta({ description: "The keys in base64" }),
    })
    .meta({ description });
const uefiKeys = (description: string) => z.array(uefiKey("One key")).meta({ description });

const uefiSettings = z
  .strictObject({
    signatureTemplateNames: z
      .array(wordLeaf(SIGNATURE_TEMPLATES, "Set of Secure Boot keys that Azure keeps"))
      .meta({ description: "Sets of Secure Boot keys" })
      .optional(),
    additionalSignatures: z
      .strictObject({
        pk: uefiKey("Platform key").optional(),
        kek: uefiKeys("Key exchange keys").optional(),
        db: uefiKeys("Allowed keys").optional(),
        dbx: uefiKeys("Revoked keys").optional(),
      })
      .meta({ description: "Secure Boot keys of your own" })
      .optional(),
  })
  .meta({ description: "Secure Boot keys" });

export const gallerySchema = z
  .strictObject({
    subscriptionId: textLeaf(
      SUBSCRIPTION_ID,
      "Subscription of the gallery; defaults to that of the setting DEFAULT_GALLERY, then to that of the image",
    ).optional(),
    resourceGroup: textLeaf(
      RESOURCE_GROUP,
      "Resource group of the gallery; defaults to that of the setting DEFAULT_GALLERY, then to that of the image",
    ).optional(),
    name: textLeaf(
      GALLERY_NAME,
      "Name of the gallery; defaults to that of the setting DEFAULT_GALLERY",
    ).optional(),
    definition: textLeaf(DEFINITION_NAME, "Name of the image definition"),
    location: textLeaf(
      LOCATION,
      "Region of the version, that of its sources; defaults to 'location', then to that of the storage account",
    ).optional(),
    version: leaf({
      expected: VERSION.expected,
      jsonSchema: {
        type: "string",
        pattern: VERSION.pattern.source,
        description: "Number of the version; 'auto' takes the next one, and is the default",
      },
      parse: (value) => (typeof value === "string" && isVersion(value) ? value : undefined),
    }).optional(),
    targetRegions: z
      .array(targetRegion)
      .meta({ description: "Regions to replicate to; the version's own region is added" })
      .optional(),
    targetExtendedLocations: z
      .array(targetEdgeZone)
      .meta({ description: "Edge zones to replicate to" })
      .optional(),
    replicaCount: replicas("Replicas in each region; Azure's default is 1").optional(),
    storageAccountType: storageType().optional(),
    storageAccountStrategy: wordLeaf(
      STORAGE_STRATEGIES,
      "How Azure chooses the storage type; not together with storageAccountType",
    ).optional(),
    replicationMode: wordLeaf(
      REPLICATION_MODES,
      "Full, or Shallow for tests in the version's own region",
    ).optional(),
    excludeFromLatest: booleanLeaf("Whether 'latest' leaves this version out").optional(),
    endOfLifeDate: dateLeaf("End of life, in the future; informs only").optional(),
    safetyProfile: z
      .strictObject({
        allowDeletionOfReplicatedLocations: booleanLeaf(
          "Whether regions can be removed from the version",
        ).optional(),
        blockDeletionBeforeEndOfLife: booleanLeaf(
          "Whether the version cannot be deleted before its end of life",
        ).optional(),
      })
      .meta({ description: "Protection of the version" })
      .optional(),
    securityProfile: z
      .strictObject({ uefiSettings: uefiSettings.optional() })
      .meta({ description: "Security of machines created from the version" })
      .optional(),
    tags: tagsSchema("Tags of the version; default to the manifest's tags").optional(),
    storageAccountId: accountIdLeaf(
      "Storage account that the VHDs are in; the app looks it up if it is absent",
    ).optional(),
    source: z
      .strictObject({
        id: imageIdLeaf(
          "Managed image or image version to publish from, or an image version of a community gallery",
        ),
      })
      .meta({ description: "Source in place of disks" })
      .optional(),
    createDefinition: newDefinition.optional(),
  })
  .meta({ description: "Publishes an image version in a Compute Gallery" });

export type ManifestGallery = z.infer<typeof gallerySchema>;
