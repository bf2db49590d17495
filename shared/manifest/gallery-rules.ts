import { normalizeRegion } from "../image/region.ts";
import { isShallow, REGIONS, regionsOf } from "./gallery-regions.ts";
import { formatPath, type Path, valueAt } from "./problem.ts";
import type { ManifestRule } from "./rule.ts";
import { checkTags } from "./tag-rules.ts";

const GALLERY: Path = ["gallery"];
const DISKS: Path = ["properties", "storageProfile"];
/** The app adds two tags, by which it knows its own versions. */
export const OWN_TAGS = 2;

/** What a managed image is made with, and an image version is not. */
const IMAGE_ONLY: readonly { readonly key: string; readonly instead: string }[] = [
  { key: "diskSizeGB", instead: "remove it: a version keeps the size of its source" },
  { key: "diskSizeInGB", instead: "remove it: a version keeps the size of its source" },
  { key: "storageAccountType", instead: "use 'gallery.storageAccountType'" },
  { key: "diskEncryptionSet", instead: "use 'gallery.targetRegions[].encryption'" },
];

/** What must hold between the values of an image version, and between them and the rest. */
export const GALLERY_RULES: readonly ManifestRule[] = [
  {
    id: "some-output",
    why: "A request that makes nothing is a mistake.",
    check: (manifest) =>
      valueAt(manifest, ["managedImage"]) === false && valueAt(manifest, GALLERY) === undefined
        ? [
            {
              path: ["managedImage"],
              message: "is false and there is no 'gallery': nothing would be created",
            },
          ]
        : [],
  },
  {
    id: "gallery-source-excludes-others",
    why: "A version's source is given either as a whole or disk by disk; both are refused with InvalidParameter (Gallery Image Versions REST reference).",
    check: (manifest) => {
      if (valueAt(manifest, [...GALLERY, "source"]) === undefined) return [];
      const message = "cannot be combined with 'gallery.source'; remove one of the two";
      return [
        [...DISKS, "osDisk"],
        [...DISKS, "dataDisks"],
        ["properties", "sourceVirtualMachine"],
      ]
        .filter((path) => valueAt(manifest, path) !== undefined)
        .map((path) => ({ path, message }));
    },
  },
  {
    id: "gallery-source-makes-no-image",
    why: "Azure creates managed images from disks and machines, not from images.",
    check: (manifest) =>
      valueAt(manifest, [...GALLERY, "source"]) !== undefined &&
      valueAt(manifest, ["managedImage"]) === true
        ? [
            {
              path: ["managedImage"],
              message:
                "cannot be true with 'gallery.source': a managed image is not made from an image",
            },
          ]
        : [],
  },
  {
    id: "image-keys-without-image",
    why: "What only a managed image takes would be dropped without a word.",
    check: (manifest) => {
      const isGalleryOnly =
        valueAt(manifest, GALLERY) !== undefined && valueAt(manifest, ["managedImage"]) !== true;
      if (!isGalleryOnly) return [];
      const top: Path[] = [["extendedLocation"], [...DISKS, "zoneResilient"]];
      return [
        ...top
          .filter((path) => valueAt(manifest, path) !== undefined)
          .map((path) => ({
            path,
            message: imageOnly("use the keys of 'gallery'"),
          })),
        ...diskPaths(manifest).flatMap((disk) =>
          IMAGE_ONLY.map(({ key, instead }) => ({
            path: [...disk, key],
            message: imageOnly(instead),
          })).filter(({ path }) => valueAt(manifest, path) !== undefined),
        ),
      ];
    },
  },
  {
    id: "unique-regions",
    why: "Azure refuses a region that is named twice, whatever its spelling (hashicorp/terraform-provider-azurerm#3543).",
    check: (manifest) => {
      const first = new Map<string, Path>();
      return regionsOf(manifest).flatMap(({ path, name }) => {
        const key = normalizeRegion(name);
        const other = first.get(key);
        if (other === undefined) {
          first.set(key, path);
          return [];
        }
        return [
          { path, message: `is the region '${key}', which '${formatPath(other)}' already is` },
        ];
      });
    },
  },
  {
    id: "type-or-strategy",
    why: "storageAccountType and storageAccountStrategy exclude each other (REST reference).",
    check: (manifest) => {
      const path = [...GALLERY, "storageAccountStrategy"];
      const both =
        valueAt(manifest, path) !== undefined &&
        valueAt(manifest, [...GALLERY, "storageAccountType"]) !== undefined;
      return both
        ? [
            {
              path,
              message:
                "cannot be combined with 'gallery.storageAccountType'; remove one of the two",
            },
          ]
        : [];
    },
  },
  {
    id: "shallow-in-one-region",
    why: "A shallow version is published in its own region only (Microsoft Learn, shallow replication).",
    check: (manifest) => {
      const mode = valueAt(manifest, [...GALLERY, "replicationMode"]);
      const shallow = isShallow(mode);
      return shallow && regionsOf(manifest).length > 1
        ? [
            {
              path: REGIONS,
              message:
                "has several regions; a version with replicationMode 'Shallow' is published in its own region only",
            },
          ]
        : [];
    },
  },
  {
    id: "encryption-everywhere",
    why: "Encryption is for all regions or for none (hashicorp/packer-plugin-azure#264).",
    check: (manifest) => {
      const regions = regionsOf(manifest);
      const isEncrypted = ({ region }: { readonly region: unknown }): boolean =>
        valueAt(region, ["encryption", "osDiskImage", "diskEncryptionSetId"]) !== undefined;
      if (!regions.some(isEncrypted)) return [];
      return regions
        .filter((region) => !isEncrypted(region))
        .map(({ path }) => ({
          path,
          message:
            "has no 'encryption.osDiskImage.diskEncryptionSetId', which other regions have; give it in all regions or in none",
        }));
    },
  },
  {
    id: "gallery-tags",
    why: "Limits of Resource Manager tags (learn.microsoft.com/azure/azure-resource-manager/management/tag-resources).",
    check: (manifest) => [
      ...checkTags(manifest, [...GALLERY, "tags"], OWN_TAGS),
      ...checkTags(manifest, [...GALLERY, "createDefinition", "tags"], 0),
    ],
  },
];

function imageOnly(instead: string): string {
  return `applies to managed images only, and this manifest creates none; ${instead}, or set 'managedImage' to true`;
}

/** Paths of the disks that are there. */
function diskPaths(manifest: unknown): Path[] {
  const dataDisks = valueAt(manifest, [...DISKS, "dataDisks"]);
  const count = Array.isArray(dataDisks) ? dataDisks.length : 0;
  return [
    [...DISKS, "osDisk"],
    ...Array.from({ length: count }, (_, index) => [...DISKS, "dataDisks", index]),
  ];
}
