import type { ImageDefaults } from "../image/defaults.ts";
import type { GalleryRequest } from "../image/gallery-request.ts";
import type { ImageDraft } from "../image/image-request.ts";
import { normalizeRegion } from "../image/region.ts";
import { isCommunityImageId, parseResourceId } from "../image/resource-id.ts";
import { addOwnRegion } from "../image/version-region.ts";
import { LIMITS } from "../limits.ts";
import { isObject } from "../plain-object.ts";
import { isShallow } from "./gallery-regions.ts";
import type { ManifestGallery } from "./gallery-schema.ts";
import { type Finding, type Path, valueAt } from "./problem.ts";
import type { Manifest } from "./schema.ts";

const GALLERY: Path = ["gallery"];

/** Whether a manifest asks for an image version, and for nothing else. */
export function isGalleryOnly(value: unknown): boolean {
  return valueAt(value, GALLERY) !== undefined && valueAt(value, ["managedImage"]) !== true;
}

/** What a version lacks that neither its manifest nor a setting says, and what contradicts its region. */
export function checkGallery(value: unknown, defaults: ImageDefaults): Finding[] {
  const gallery = valueAt(value, GALLERY);
  if (!isObject(gallery)) return [];
  const missing = (key: string, advice: string): Finding => ({
    path: [...GALLERY, key],
    message: `is missing; ${advice}`,
  });
  const place = defaults.gallery ?? null;
  const has = (key: string): boolean =>
    gallery[key] !== undefined || valueAt(value, [key]) !== undefined;
  return [
    ...(gallery.name === undefined && place === null
      ? [missing("name", "add it to the manifest or set DEFAULT_GALLERY")]
      : []),
    ...(has("resourceGroup") || (place ?? defaults.resourceGroup) !== null
      ? []
      : [missing("resourceGroup", "add it to the manifest or set DEFAULT_GALLERY")]),
    ...(has("subscriptionId") || (place ?? defaults.subscriptionId) !== null
      ? []
      : [missing("subscriptionId", "add it to the manifest or set DEFAULT_GALLERY")]),
    ...checkRegions(value, gallery, defaults),
  ];
}

/** The version's own region is added where it is not listed, which is not always possible. */
function checkRegions(
  value: unknown,
  gallery: Readonly<Record<string, unknown>>,
  defaults: ImageDefaults,
): Finding[] {
  const own = gallery.location ?? valueAt(value, ["location"]) ?? defaults.location;
  const regions = Array.isArray(gallery.targetRegions) ? gallery.targetRegions : [];
  if (!isRegionName(own) || regions.length === 0) return [];
  const isOwn = (region: unknown): boolean => {
    const name = isObject(region) ? region.name : region;
    return isRegionName(name) && normalizeRegion(name) === normalizeRegion(own);
  };
  if (regions.some(isOwn)) return [];
  const path = [...GALLERY, "targetRegions"];
  if (regions.some((region) => valueAt(region, ["encryption"]) !== undefined)) {
    const message = `has encryption, but not the region of the version, '${own}'; add that region with its encryption`;
    return [{ path, message }];
  }
  const shallow = isShallow(gallery.replicationMode);
  if (!shallow) return [];
  const message = `names another region than that of the version, '${own}', which is the only one with replicationMode 'Shallow'`;
  return [{ path, message }];
}

function isRegionName(value: unknown): value is string {
  return typeof value === "string" && value.length <= LIMITS.region.limit;
}

/** Address of the image in the same manifest, which stands in for that of the gallery. */
type Target = Pick<ImageDraft, "subscriptionId" | "resourceGroup">;

/**
 * The version that a sound manifest asks for: regions in one spelling, that of the version among them.
 * @throws TypeError when something is missing that {@link checkGallery} should have found.
 */
export function buildGallery(
  manifest: Manifest & { readonly gallery: ManifestGallery },
  options: {
    readonly target: Target;
    readonly location: string;
    readonly defaults: ImageDefaults;
    readonly fillIn: (id: string) => string;
  },
): GalleryRequest {
  const { gallery } = manifest;
  const { target, defaults, fillIn } = options;
  const place = defaults.gallery ?? null;
  const location = gallery.location ?? options.location;
  const isAssumed = gallery.location === undefined && manifest.location === undefined;
  const name = gallery.name ?? place?.name;
  if (name === undefined) throw new TypeError("a checked gallery has no name");
  const tags = gallery.tags ?? manifest.tags;
  const { storageAccountId, source, createDefinition, safetyProfile, securityProfile } = gallery;
  return withFilledIds(
    {
      subscriptionId: gallery.subscriptionId ?? place?.subscriptionId ?? target.subscriptionId,
      resourceGroup: gallery.resourceGroup ?? place?.resourceGroup ?? target.resourceGroup,
      name,
      definition: gallery.definition,
      location,
      ...(isAssumed && { assumedRegion: { isListed: isListed(gallery, location) } }),
      version: gallery.version ?? "auto",
      publishingProfile: buildProfile(gallery, location),
      ...(safetyProfile && { safetyProfile }),
      ...(securityProfile && { securityProfile }),
      ...(tags && { tags: tags as Record<string, string> }),
      ...(storageAccountId && { storageAccountId }),
      ...(source && { source: buildSource(fillIn(source.id)) }),
      ...(createDefinition && {
        createDefinition: createDefinition as GalleryRequest["createDefinition"],
      }),
    },
    fillIn,
  );
}

function isListed({ targetRegions = [] }: ManifestGallery, location: string): boolean {
  return targetRegions.some(({ name }) => normalizeRegion(name) === normalizeRegion(location));
}

function buildSource(id: string): NonNullable<GalleryRequest["source"]> {
  if (isCommunityImageId(id)) return { kind: "communityGalleryImage", id };
  return { kind: parseResourceId(id) === null ? "galleryVersion" : "managedImage", id };
}

function buildProfile(
  gallery: ManifestGallery,
  location: string,
): GalleryRequest["publishingProfile"] {
  const { targetRegions = [], targetExtendedLocations, replicaCount, storageAccountType } = gallery;
  const { storageAccountStrategy, replicationMode, excludeFromLatest, endOfLifeDate } = gallery;
  return {
    targetRegions: addOwnRegion(
      targetRegions.map((region) => ({ ...region, name: normalizeRegion(region.name) })),
      normalizeRegion(location),
    ),
    ...(targetExtendedLocations && {
      targetExtendedLocations: targetExtendedLocations.map((zone) => ({
        ...zone,
        name: normalizeRegion(zone.name),
      })),
    }),
    ...(replicaCount !== undefined && { replicaCount }),
    ...(storageAccountType && { storageAccountType }),
    ...(storageAccountStrategy && { storageAccountStrategy }),
    ...(replicationMode && { replicationMode }),
    ...(excludeFromLatest !== undefined && { excludeFromLatest }),
    ...(endOfLifeDate && { endOfLifeDate }),
  };
}

/** Placeholders in the ids of disk encryption sets and accounts are filled in too. */
function withFilledIds(gallery: GalleryRequest, fillIn: (id: string) => string): GalleryRequest {
  const keys = ["diskEncryptionSetId", "secureVMDiskEncryptionSetId", "storageAccountId"];
  const fill = (value: unknown, key: string): unknown => {
    if (typeof value === "string") return keys.includes(key) ? fillIn(value) : value;
    if (Array.isArray(value)) return value.map((item: unknown) => fill(item, key));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        name,
        name === "tags" ? item : fill(item, name),
      ]),
    );
  };
  return fill(gallery, "") as GalleryRequest;
}
