import { LIMITS } from "../limits.ts";

/** The parts of a Microsoft.Compute resource id. */
export interface ResourceId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** As in the id, e.g. `snapshots`. */
  readonly type: string;
  readonly name: string;
}

/**
 * Reads `/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.Compute/{type}/{name}`; the leading
 * slash may be missing, as in the 2017 reference. Null for anything else: other providers, child
 * resources, empty or encoded segments, and texts that are too long. Ids are compared case-insensitively by the service.
 */
export function parseResourceId(text: string): ResourceId | null {
  if (text.length > LIMITS.resourceId.limit) return null;
  const segments = (text.startsWith("/") ? text.slice(1) : text).split("/");
  const [keyword, subscriptionId, groups, resourceGroup, providers, provider, type, name] =
    segments;
  const isShape =
    segments.length === 8 &&
    equals(keyword, "subscriptions") &&
    equals(groups, "resourceGroups") &&
    equals(providers, "providers") &&
    equals(provider, "Microsoft.Compute");
  if (!isShape || !subscriptionId || !resourceGroup || !type || !name) return null;
  if (segments.some((segment) => /[%\\\s?#]|^\.{1,2}$/.test(segment))) return null;
  return { subscriptionId, resourceGroup, type, name };
}

/** The parts of the id of an image version in a gallery. */
export interface VersionId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly gallery: string;
  readonly definition: string;
  readonly version: string;
}

/**
 * Reads `/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.Compute/galleries/{g}/images/{d}/versions/{v}`
 * by the rules of {@link parseResourceId}; null for anything else.
 */
export function parseVersionId(text: string): VersionId | null {
  const segments = (text.startsWith("/") ? text.slice(1) : text).split("/");
  const [definition, versions, version] = [segments[9], segments[10], segments[11]];
  const parent = parseResourceId(segments.slice(0, 8).join("/"));
  const isShape =
    segments.length === 12 &&
    parent !== null &&
    equals(parent.type, "galleries") &&
    equals(segments[8], "images") &&
    equals(versions, "versions");
  if (!isShape || text.length > LIMITS.resourceId.limit || !definition || !version) return null;
  if (
    [definition, version].some((segment) => !/^[\w.-]+$/.test(segment) || /^\.+$/.test(segment))
  ) {
    return null;
  }
  const { subscriptionId, resourceGroup, name: gallery } = parent;
  return { subscriptionId, resourceGroup, gallery, definition, version };
}

/**
 * Whether a text is the id of a version in a community gallery, which no subscription of the user has:
 * `/CommunityGalleries/{public name}/Images/{definition}/Versions/{version}`.
 * https://learn.microsoft.com/azure/virtual-machines/vm-generalized-image-version
 */
export function isCommunityImageId(text: string): boolean {
  return (
    text.length <= LIMITS.resourceId.limit &&
    /^\/CommunityGalleries(?:\/[A-Z0-9][\w.-]*)\/Images(?:\/[A-Z0-9][\w.-]*)\/Versions\/\d+\.\d+\.\d+$/i.test(
      text,
    )
  );
}

/** The parts of the id of a storage account; null for anything else. */
export function parseStorageAccountId(text: string): Omit<ResourceId, "type"> | null {
  const asCompute = text.replace(
    /\/providers\/Microsoft\.Storage\/storageAccounts\//i,
    "/providers/Microsoft.Compute/storageAccounts/",
  );
  if (asCompute === text || !/\/storageAccounts\/[a-z0-9]{3,24}$/i.test(text)) return null;
  const parts = parseResourceId(asCompute);
  return parts && { ...parts, name: parts.name.toLowerCase() };
}

/** Whether two texts are the same resource name to the service. */
export function equals(left: string | undefined, right: string): boolean {
  return left !== undefined && foldCase(left) === foldCase(right);
}

/**
 * A text with the letters A–Z in lower case and all others as they are: `toLowerCase` also turns the
 * Kelvin sign into a k, and so the name of one resource group into that of another.
 */
export function foldCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
