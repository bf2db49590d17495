import { RECORD_TAG, REQUEST_TAG } from "../image/version-tags.ts";
import { isObject } from "../plain-object.ts";
import { regionsOf } from "./gallery-regions.ts";
import { type Finding, formatPath, type Path, valueAt } from "./problem.ts";
import type { ManifestRule } from "./rule.ts";

const GALLERY: Path = ["gallery"];
const DEFINITION: Path = [...GALLERY, "createDefinition"];

/** What an image version or its definition may have once only, and names that are the app's own. */
export const GALLERY_TWIN_RULES: readonly ManifestRule[] = [
  {
    id: "unique-edge-zones",
    why: "Azure refuses a target that is named twice (Gallery Image Versions REST reference).",
    check: (manifest) =>
      findTwins(manifest, [...GALLERY, "targetExtendedLocations"], (zone) =>
        textAt(zone, ["extendedLocation", "name"]),
      ),
  },
  {
    id: "unique-encrypted-luns",
    why: "A data disk is encrypted with one set in each region; luns are unique (REST reference).",
    check: (manifest) =>
      regionsOf(manifest).flatMap(({ path }) =>
        findTwins(manifest, [...path, "encryption", "dataDiskImages"], (disk) => {
          const lun = valueAt(disk, ["lun"]);
          return typeof lun === "number" ? `lun ${lun}` : null;
        }),
      ),
  },
  {
    id: "unique-features",
    why: "Azure stores one value for each feature of a definition, and compares names in any case.",
    check: (manifest) =>
      findTwins(manifest, [...DEFINITION, "features"], (feature) => textAt(feature, ["name"])),
  },
  {
    id: "ordered-ranges",
    why: "Azure refuses a range whose minimum is above its maximum (Gallery Images REST reference).",
    check: (manifest) =>
      ["vCPUs", "memory"].flatMap((key): Finding[] => {
        const path = [...DEFINITION, "recommended", key];
        const [min, max] = ["min", "max"].map((end) => valueAt(manifest, [...path, end]));
        const isReversed = typeof min === "number" && typeof max === "number" && min > max;
        return isReversed ? [{ path, message: `has a min of ${min} above its max of ${max}` }] : [];
      }),
  },
  {
    id: "own-tags",
    why: "By these tags the app knows its own versions, and deletes those of them that failed.",
    check: (manifest) => {
      if (valueAt(manifest, GALLERY) === undefined) return [];
      const own: Path = [...GALLERY, "tags"];
      const parent: Path = (valueAt(manifest, own) ?? null) === null ? ["tags"] : own;
      const tags = valueAt(manifest, parent);
      if (!isObject(tags)) return [];
      return Object.keys(tags)
        .filter((name) => [RECORD_TAG, REQUEST_TAG].includes(name.toLowerCase()))
        .map((name) => ({
          path: [...parent, name],
          message: "is a tag that the app sets itself; use another name",
        }));
    },
  },
];

/** The items of a list that have the same key as one before them, in any case. */
function findTwins(
  manifest: unknown,
  list: Path,
  keyOf: (item: unknown) => string | null,
): Finding[] {
  const items = valueAt(manifest, list);
  if (!Array.isArray(items)) return [];
  const first = new Map<string, Path>();
  return items.flatMap((item: unknown, index): Finding[] => {
    const key = keyOf(item);
    const path = [...list, index];
    const other = key === null ? undefined : first.get(key.toLowerCase());
    if (key !== null && other === undefined) first.set(key.toLowerCase(), path);
    return other === undefined
      ? []
      : [{ path, message: `repeats '${key}', which '${formatPath(other)}' already has` }];
  });
}

function textAt(item: unknown, path: Path): string | null {
  const value = valueAt(item, path);
  return typeof value === "string" && value.length <= MAX_NAME ? value : null;
}

/** Longer than any name; what is longer is the shape's business. */
const MAX_NAME = 200;
