import { applyDefaults } from "./image-defaults.ts";
import type { ImageBody, ImageDataDisk, ImageProperties } from "./image-model.ts";

/**
 * Returns the name of the first property that a new body would change in an existing image, or
 * undefined if it changes none. What a body leaves out counts as unchanged where the service takes
 * it from the source (size, generation, the disks of a virtual machine), and as its default
 * elsewhere. Tags are not compared: they may change.
 */
export function findChange(existing: ImageBody, candidate: ImageBody): string | undefined {
  const before = existing.properties ?? {};
  const after = applyDefaults(candidate.properties ?? {});
  return (
    findDifference("extendedLocation", existing.extendedLocation, candidate.extendedLocation) ??
    findDifference("", sortLuns(before), sortLuns(after))
  );
}

function findDifference(name: string, before: unknown, after: unknown): string | undefined {
  if (after === undefined) return undefined;
  if (!isObject(before) || !isObject(after)) {
    return isSameValue(name, before, after) ? undefined : name;
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length !== after.length) return name;
  for (const [key, value] of Object.entries(after)) {
    const difference = findDifference(joinName(name, key, before), before[key], value);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** The service names properties from the disk on: `osDisk.blobUri`, `dataDisks[0].caching`. */
function joinName(parent: string, key: string, container: object): string {
  if (Array.isArray(container)) return `${parent}[${key}]`;
  return parent === "" || parent === "storageProfile" ? key : `${parent}.${key}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Resource ids are compared without case; blob names, and with them their URIs, have one. */
function isSameValue(name: string, before: unknown, after: unknown): boolean {
  const isId = name.endsWith(".id") && typeof before === "string" && typeof after === "string";
  return isId ? before.toLowerCase() === after.toLowerCase() : before === after;
}

function sortLuns(properties: ImageProperties): ImageProperties {
  const disks = properties.storageProfile?.dataDisks;
  if (disks === undefined) return properties;
  const byLun = (a: ImageDataDisk, b: ImageDataDisk) => a.lun - b.lun;
  return {
    ...properties,
    storageProfile: { ...properties.storageProfile, dataDisks: disks.toSorted(byLun) },
  };
}
