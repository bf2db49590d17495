import * as z from "zod";
import {
  ARCHITECTURES,
  CONFIDENTIAL_ENCRYPTION_TYPES,
  EDGE_STORAGE_TYPES,
  REPLICA_STORAGE_TYPES,
  REPLICATION_MODES,
  SIGNATURE_TEMPLATES,
  STORAGE_STRATEGIES,
  UEFI_KEY_TYPES,
} from "../vocabulary.ts";

/**
 * The image version that a request publishes, in the API's own words where it has them.
 * https://learn.microsoft.com/rest/api/compute/gallery-image-versions/create-or-update
 */

const osEncryptionSchema = z.object({
  diskEncryptionSetId: z.string().optional(),
  securityProfile: z
    .object({
      confidentialVMEncryptionType: z.enum(CONFIDENTIAL_ENCRYPTION_TYPES).optional(),
      secureVMDiskEncryptionSetId: z.string().optional(),
    })
    .optional(),
});

const encryptionSchema = z.object({
  osDiskImage: osEncryptionSchema.optional(),
  dataDiskImages: z
    .array(z.object({ lun: z.number(), diskEncryptionSetId: z.string().optional() }))
    .readonly()
    .optional(),
});
export type Encryption = z.infer<typeof encryptionSchema>;

const targetRegionSchema = z.object({
  /** In lower case and without spaces. */
  name: z.string(),
  regionalReplicaCount: z.number().optional(),
  storageAccountType: z.enum(REPLICA_STORAGE_TYPES).optional(),
  excludeFromLatest: z.boolean().optional(),
  additionalReplicaSets: z
    .array(
      z.object({
        storageAccountType: z.enum(REPLICA_STORAGE_TYPES).optional(),
        regionalReplicaCount: z.number().optional(),
      }),
    )
    .readonly()
    .optional(),
  encryption: encryptionSchema.optional(),
});
export type TargetRegion = z.infer<typeof targetRegionSchema>;

const targetEdgeZoneSchema = z.object({
  /** The region that the edge zone belongs to. */
  name: z.string(),
  extendedLocation: z.object({ name: z.string(), type: z.literal("EdgeZone") }),
  extendedLocationReplicaCount: z.number().optional(),
  storageAccountType: z.enum(EDGE_STORAGE_TYPES).optional(),
  encryption: encryptionSchema.optional(),
});

const publishingProfileSchema = z.object({
  /** The region of the version itself is always among them. */
  targetRegions: z.array(targetRegionSchema).readonly(),
  targetExtendedLocations: z.array(targetEdgeZoneSchema).readonly().optional(),
  replicaCount: z.number().optional(),
  storageAccountType: z.enum(REPLICA_STORAGE_TYPES).optional(),
  storageAccountStrategy: z.enum(STORAGE_STRATEGIES).optional(),
  replicationMode: z.enum(REPLICATION_MODES).optional(),
  excludeFromLatest: z.boolean().optional(),
  endOfLifeDate: z.string().optional(),
});

const uefiKeySchema = z.object({
  type: z.enum(UEFI_KEY_TYPES),
  value: z.array(z.string()).readonly(),
});
const uefiKeysSchema = z.array(uefiKeySchema).readonly();

const securityProfileSchema = z.object({
  uefiSettings: z
    .object({
      signatureTemplateNames: z.array(z.enum(SIGNATURE_TEMPLATES)).readonly().optional(),
      additionalSignatures: z
        .object({
          pk: uefiKeySchema.optional(),
          kek: uefiKeysSchema.optional(),
          db: uefiKeysSchema.optional(),
          dbx: uefiKeysSchema.optional(),
        })
        .optional(),
    })
    .optional(),
});

const rangeSchema = z.object({ min: z.number().optional(), max: z.number().optional() });

/** What a definition is made as where it is missing; system and generation come from the disk. */
const newDefinitionSchema = z.object({
  publisher: z.string(),
  offer: z.string(),
  sku: z.string(),
  architecture: z.enum(ARCHITECTURES).optional(),
  features: z
    .array(
      z.object({ name: z.string(), value: z.string(), startsAtVersion: z.string().optional() }),
    )
    .readonly()
    .optional(),
  allowUpdateImage: z.boolean().optional(),
  recommended: z
    .object({ vCPUs: rangeSchema.optional(), memory: rangeSchema.optional() })
    .optional(),
  disallowed: z.object({ diskTypes: z.array(z.string()).readonly().optional() }).optional(),
  purchasePlan: z
    .object({ name: z.string(), publisher: z.string().optional(), product: z.string().optional() })
    .optional(),
  description: z.string().optional(),
  eula: z.string().optional(),
  privacyStatementUri: z.string().optional(),
  releaseNoteUri: z.string().optional(),
  endOfLifeDate: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
});
export type NewDefinition = z.infer<typeof newDefinitionSchema>;

export const galleryRequestSchema = z.object({
  subscriptionId: z.string(),
  resourceGroup: z.string(),
  name: z.string(),
  definition: z.string(),
  /** The region of the version, which is that of its sources. */
  location: z.string(),
  /**
   * Present where nobody named the region, so that it is that of the blobs' account; `isListed`: the
   * manifest has the assumed one among the target regions.
   */
  assumedRegion: z.object({ isListed: z.boolean() }).optional(),
  /** `1.4.0`, or with a number left open: `1.4.auto`, `1.auto`, `auto`. */
  version: z.string(),
  publishingProfile: publishingProfileSchema,
  safetyProfile: z
    .object({
      allowDeletionOfReplicatedLocations: z.boolean().optional(),
      blockDeletionBeforeEndOfLife: z.boolean().optional(),
    })
    .optional(),
  securityProfile: securityProfileSchema.optional(),
  tags: z.record(z.string(), z.string()).optional(),
  /** Of the blobs' account; the app finds out what is not given. */
  storageAccountId: z.string().optional(),
  /** A managed image, another version or one of a community gallery, in place of disks. */
  source: z
    .object({
      kind: z.enum(["managedImage", "galleryVersion", "communityGalleryImage"]),
      id: z.string(),
    })
    .optional(),
  /** Absent: the definition must exist. */
  createDefinition: newDefinitionSchema.optional(),
});
export type GalleryRequest = z.infer<typeof galleryRequestSchema>;

type DefinitionPlace = Pick<
  GalleryRequest,
  "subscriptionId" | "resourceGroup" | "name" | "definition"
>;

/** Resource id of the definition that a version is published under. */
export function definitionId(place: DefinitionPlace): string {
  const { subscriptionId, resourceGroup, name, definition } = place;
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Compute/galleries/${name}/images/${definition}`;
}

/** Resource id of a version with its number, such as `1.4.0`. */
export function versionId(place: DefinitionPlace, version: string): string {
  return `${definitionId(place)}/versions/${version}`;
}
