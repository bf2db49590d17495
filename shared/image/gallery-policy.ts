import type { ErrorDetail } from "../errors.ts";
import type { Encryption, GalleryRequest, TargetRegion } from "./gallery-request.ts";
import { refusal } from "./refusal.ts";
import { normalizeRegion } from "./region.ts";
import type { RegionPolicy } from "./region-policy.ts";
import { foldCase } from "./resource-id.ts";

/** Where and how image versions may be published. */
export interface GalleryPolicy {
  /** Segments of `subscription/resourceGroup/gallery[/definition]` in lower case; `*` is any. */
  readonly galleries: readonly (readonly string[])[];
  readonly allowDefinitionCreate: boolean;
  /** Replicas of one version, in all regions together. */
  readonly maxReplicas: number;
}

/** The settings behind a {@link GalleryPolicy}. */
export interface GalleryPolicySettings {
  readonly galleries?: readonly string[];
  readonly allowDefinitionCreate?: boolean;
  readonly maxReplicas?: number;
}

const DEFAULT_MAX_REPLICAS = 10;

/** Without a word in the settings no gallery may be published to. */
export function createGalleryPolicy(settings: GalleryPolicySettings): GalleryPolicy {
  const { galleries = [], allowDefinitionCreate = false, maxReplicas } = settings;
  return {
    galleries: galleries.map((pattern) => foldCase(pattern).split("/")),
    allowDefinitionCreate,
    maxReplicas: maxReplicas ?? DEFAULT_MAX_REPLICAS,
  };
}

/** A resource that a version refers to, and where the manifest names it. */
export interface NamedResource {
  readonly id: string;
  readonly path: string;
}

/** What speaks against publishing a version like this, resources that it refers to left out. */
export function findForbiddenGallery(
  gallery: GalleryRequest,
  policy: { readonly galleries: GalleryPolicy; readonly regions: RegionPolicy },
): ErrorDetail[] {
  return [
    ...findForbiddenPlace(gallery, policy.galleries),
    ...findForbiddenTargets(gallery, policy.regions),
    ...findTooManyReplicas(gallery, policy.galleries),
  ];
}

function findForbiddenPlace(gallery: GalleryRequest, { galleries }: GalleryPolicy): ErrorDetail[] {
  const { subscriptionId, resourceGroup, name, definition } = gallery;
  const place = [subscriptionId, resourceGroup, name, definition];
  const isAllowed = galleries.some((pattern) =>
    pattern.every((part, index) => part === "*" || part === foldCase(place[index] ?? "")),
  );
  if (isAllowed) return [];
  const message = `Image versions may not be published in ${place.join("/")}: ALLOWED_GALLERIES does not list it.`;
  return [refusal(message, "gallery.name")];
}

/** Without a list of regions a version is published in its own region only: each replica costs money. */
function findForbiddenTargets(
  { location, publishingProfile }: GalleryRequest,
  { allowed, ofSources }: RegionPolicy,
): ErrorDetail[] {
  if (allowed === null) return [];
  const isAllowed = (region: string): boolean =>
    normalizeRegion(region) === normalizeRegion(location) ||
    (!ofSources && allowed.includes(normalizeRegion(region)));
  const { targetRegions, targetExtendedLocations = [] } = publishingProfile;
  const regions = targetRegions.flatMap(({ name }, index) =>
    isAllowed(name) ? [] : [{ what: `region '${name}'`, path: `targetRegions[${index}]` }],
  );
  const zones = targetExtendedLocations.flatMap(({ name, extendedLocation }, index) =>
    isAllowed(name) && allowed.includes(normalizeRegion(extendedLocation.name))
      ? []
      : [
          {
            what: `edge zone '${extendedLocation.name}' of '${name}'`,
            path: `targetExtendedLocations[${index}]`,
          },
        ],
  );
  return [...regions, ...zones].map(({ what, path }) =>
    refusal(
      `Image versions may not be replicated to the ${what}: ALLOWED_REGIONS does not list it.`,
      `gallery.${path}`,
    ),
  );
}

function findTooManyReplicas(gallery: GalleryRequest, { maxReplicas }: GalleryPolicy) {
  const count = countReplicas(gallery);
  if (count <= maxReplicas) return [];
  const message = `The image version would have ${count} replicas; GALLERY_MAX_REPLICAS allows ${maxReplicas}.`;
  return [refusal(message, "gallery.targetRegions")];
}

/** Replicas of a version in all its regions and edge zones. */
export function countReplicas({ publishingProfile }: Pick<GalleryRequest, "publishingProfile">) {
  const { targetRegions, targetExtendedLocations = [], replicaCount = 1 } = publishingProfile;
  const inRegion = ({ regionalReplicaCount, additionalReplicaSets = [] }: TargetRegion): number =>
    (regionalReplicaCount ?? replicaCount) +
    sum(additionalReplicaSets.map((set) => set.regionalReplicaCount ?? 1));
  return (
    sum(targetRegions.map(inRegion)) +
    sum(targetExtendedLocations.map((zone) => zone.extendedLocationReplicaCount ?? replicaCount))
  );
}

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, each) => total + each, 0);

/** The sources and disk encryption sets that a version refers to, its disks left out. */
export function listGalleryResources(gallery: GalleryRequest): readonly NamedResource[] {
  const { targetRegions, targetExtendedLocations = [] } = gallery.publishingProfile;
  const { source } = gallery;
  return [
    ...(source ? [{ id: source.id, path: "gallery.source" }] : []),
    ...targetRegions.flatMap(({ encryption }, index) =>
      listSets(encryption, `gallery.targetRegions[${index}].encryption`),
    ),
    ...targetExtendedLocations.flatMap(({ encryption }, index) =>
      listSets(encryption, `gallery.targetExtendedLocations[${index}].encryption`),
    ),
  ];
}

function listSets(encryption: Encryption | undefined, path: string): NamedResource[] {
  const { osDiskImage, dataDiskImages = [] } = encryption ?? {};
  const sets = [
    { id: osDiskImage?.diskEncryptionSetId, path: `${path}.osDiskImage` },
    {
      id: osDiskImage?.securityProfile?.secureVMDiskEncryptionSetId,
      path: `${path}.osDiskImage.securityProfile`,
    },
    ...dataDiskImages.map(({ diskEncryptionSetId }, index) => ({
      id: diskEncryptionSetId,
      path: `${path}.dataDiskImages[${index}]`,
    })),
  ];
  return sets.flatMap(({ id, path: at }) => (id === undefined ? [] : [{ id, path: at }]));
}
