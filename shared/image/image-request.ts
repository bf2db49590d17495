import * as z from "zod";
import { CACHING_TYPES, GENERATIONS, OS_STATES, OS_TYPES } from "../vocabulary.ts";
import { definitionId, galleryRequestSchema } from "./gallery-request.ts";

/** A blob of the app's own storage account, by container and name (not percent-encoded). */
export const blobRefSchema = z.object({ container: z.string(), name: z.string() });
/** A blob of the app's own storage account. */
export type BlobRef = z.infer<typeof blobRefSchema>;

const tagsSchema = z.record(z.string(), z.string());

const sourceSchema = z.discriminatedUnion("kind", [
  /** A VHD in the app's own account: the app waits for it, reads it and checks it before it is used. */
  z.object({ kind: z.literal("blob"), uri: z.string(), ref: blobRefSchema }),
  /** A VHD of another account: handed to the service as it is. */
  z.object({ kind: z.literal("externalBlob"), uri: z.string() }),
  z.object({ kind: z.literal("snapshot"), id: z.string() }),
  z.object({ kind: z.literal("managedDisk"), id: z.string() }),
]);
/** Where a disk comes from. Resource ids start with a slash and carry no placeholder. */
export type DiskSource = z.infer<typeof sourceSchema>;

const diskOptions = {
  source: sourceSchema,
  caching: z.enum(CACHING_TYPES).optional(),
  /** GiB, as the API counts them. */
  diskSizeGB: z.number().optional(),
  storageAccountType: z.string().optional(),
  diskEncryptionSet: z.string().optional(),
};

const osDiskSchema = z.object({
  ...diskOptions,
  osType: z.enum(OS_TYPES),
  osState: z.enum(OS_STATES),
});
const dataDiskSchema = z.object({ ...diskOptions, lun: z.number() });

/** An image to create, in today's vocabulary, with nothing left to look up. */
export const imageRequestSchema = z.object({
  imageName: z.string(),
  resourceGroup: z.string(),
  subscriptionId: z.string(),
  location: z.string(),
  tags: tagsSchema.optional(),
  extendedLocation: z.object({ name: z.string(), type: z.string() }).optional(),
  hyperVGeneration: z.enum(GENERATIONS).optional(),
  zoneResilient: z.boolean().optional(),
  /** Resource id of the virtual machine; then there are no disks. */
  sourceVirtualMachine: z.string().optional(),
  osDisk: osDiskSchema.optional(),
  dataDisks: z.array(dataDiskSchema).readonly(),
  /** Whether a managed image is made; when absent, unless an image version is. */
  managedImage: z.boolean().optional(),
  /** The image version that is published. */
  gallery: galleryRequestSchema.optional(),
});

/**
 * An image to create, in which the system of the OS disk and the generation are there only as far as
 * somebody requested them.
 */
export const imageDraftSchema = imageRequestSchema.extend({
  osDisk: osDiskSchema.partial({ osType: true }).optional(),
});

export type ImageDraft = z.infer<typeof imageDraftSchema>;
export type ImageRequest = z.infer<typeof imageRequestSchema>;
export type OsDisk = z.infer<typeof osDiskSchema>;
export type OsDiskDraft = NonNullable<ImageDraft["osDisk"]>;
export type DataDisk = z.infer<typeof dataDiskSchema>;

/** What an image takes from its OS disk; null where the service is to find it out. */
export const decisionSchema = z.object({
  osType: z.enum(OS_TYPES).nullable(),
  hyperVGeneration: z.enum(GENERATIONS).nullable(),
});
export type ImageDecision = z.infer<typeof decisionSchema>;

/** Whether a request makes a managed image. */
export function wantsManagedImage({
  managedImage,
  gallery,
}: Pick<ImageDraft, "managedImage" | "gallery">): boolean {
  return managedImage ?? gallery === undefined;
}

/** Where the managed image of a request will be, for its status; null when it makes none. */
export function toImageAddress(request: ImageDraft) {
  if (!wantsManagedImage(request)) return null;
  const { imageName: name, resourceGroup, subscriptionId, location } = request;
  return { name, resourceGroup, subscriptionId, location, id: null };
}

/** What a request makes, for a message: the managed image, or else the definition of the version. */
export function nameTarget(request: ImageDraft): string {
  const { gallery } = request;
  return gallery && !wantsManagedImage(request) ? definitionId(gallery) : imageId(request);
}

/** Resource id of the image that a request asks for. */
export function imageId(
  request: Pick<ImageRequest, "subscriptionId" | "resourceGroup" | "imageName">,
): string {
  const { subscriptionId, resourceGroup, imageName } = request;
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Compute/images/${imageName}`;
}
