import type { ErrorDetail } from "../errors.ts";
import type { ImageDefaults } from "../image/defaults.ts";
import type { GalleryRequest } from "../image/gallery-request.ts";
import type { ImageRequest } from "../image/image-request.ts";
import { DEFINITION_NAME, GALLERY_NAME, isVersion, VERSION } from "../image/names.ts";
import { normalizeRegion } from "../image/region.ts";
import { type Metadata, readText } from "./vhd-metadata.ts";

const KEYS = ["gallery", "gallerydefinition", "galleryversion"] as const;

/** Whether the metadata ask for an image version in place of a managed image. */
export function asksForVersion(metadata: Metadata): boolean {
  return KEYS.some((key) => metadata[key] !== undefined);
}

/**
 * The version that the metadata of a disk ask for, in its own region alone; null, with every problem
 * noted, when something is wrong or missing.
 */
export function readGallery(
  metadata: Metadata,
  options: {
    readonly target: Pick<ImageRequest, "subscriptionId" | "resourceGroup" | "location">;
    readonly tags: Readonly<Record<string, string>> | null;
    readonly defaults: ImageDefaults;
  },
  problems: ErrorDetail[],
): GalleryRequest | null {
  const { target, tags, defaults } = options;
  const place = defaults.gallery ?? null;
  const name = readText(GALLERY_NAME)(metadata, "gallery", problems) ?? place?.name ?? null;
  const definition = readText(DEFINITION_NAME)(metadata, "gallerydefinition", problems);
  const version = readVersion(metadata, problems);
  if (name === null && metadata.gallery === undefined) {
    problems.push(
      missing(
        "gallery",
        "the metadata 'gallery' (the gallery's name) is missing, and so is the setting DEFAULT_GALLERY",
      ),
    );
  }
  if (definition === null && metadata.gallerydefinition === undefined) {
    problems.push(
      missing(
        "gallerydefinition",
        "the metadata 'gallerydefinition' (the image definition) is missing",
      ),
    );
  }
  if (name === null || definition === null || version === null) return null;
  return {
    subscriptionId: place?.subscriptionId ?? target.subscriptionId,
    resourceGroup: place?.resourceGroup ?? target.resourceGroup,
    name,
    definition,
    location: target.location,
    ...(metadata.location === undefined && { assumedRegion: { isListed: false } }),
    version,
    publishingProfile: { targetRegions: [{ name: normalizeRegion(target.location) }] },
    ...(tags && { tags }),
  };
}

function readVersion(metadata: Metadata, problems: ErrorDetail[]): string | null {
  const text = metadata.galleryversion;
  if (text === undefined) return "auto";
  const version = readText(VERSION)(metadata, "galleryversion", problems);
  if (version === null || isVersion(version)) return version;
  problems.push({
    code: "InvalidMetadata",
    message: `the metadata 'galleryversion' is '${version}'; expected ${VERSION.expected}`,
    target: "galleryversion",
  });
  return null;
}

function missing(target: string, message: string): ErrorDetail {
  return { code: "MissingMetadata", message, target };
}

/** A version needs no resource group of images: that of its gallery will do. */
export function withGalleryPlace(defaults: ImageDefaults, isVersion: boolean): ImageDefaults {
  const place = isVersion ? (defaults.gallery ?? null) : null;
  if (place === null) return defaults;
  const { resourceGroup, subscriptionId } = defaults;
  return {
    ...defaults,
    resourceGroup: resourceGroup ?? place.resourceGroup,
    subscriptionId: subscriptionId ?? place.subscriptionId,
  };
}
