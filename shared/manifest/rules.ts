import { isObject } from "../plain-object.ts";
import { GALLERY_RULES } from "./gallery-rules.ts";
import { GALLERY_TWIN_RULES } from "./gallery-twin-rules.ts";
import { formatPath, type Path, valueAt } from "./problem.ts";
import type { ManifestRule } from "./rule.ts";
import { checkTags } from "./tag-rules.ts";

const OS_DISK: Path = ["properties", "storageProfile", "osDisk"];
const DATA_DISKS: Path = ["properties", "storageProfile", "dataDisks"];
const VIRTUAL_MACHINE: Path = ["properties", "sourceVirtualMachine"];
/** Longer numbers are not LUNs, which the shape reports. */
const MAX_LUN_CHARACTERS = 16;
const DISK_SOURCES = ["blobUri", "snapshot", "managedDisk"] as const;

/** The two vocabularies' names for one thing. */
const ALIASES = [
  ["caching", "hostCaching"],
  ["diskSizeGB", "diskSizeInGB"],
] as const;

export const MANIFEST_RULES: readonly ManifestRule[] = [
  {
    id: "one-source",
    why: "An image is created from a virtual machine or from an OS disk (images REST reference).",
    check: (manifest) => {
      const has = [VIRTUAL_MACHINE, OS_DISK].map((path) => valueAt(manifest, path) !== undefined);
      if (has[0] || has[1] || valueAt(manifest, ["gallery", "source"]) !== undefined) return [];
      if (!isObject(valueAt(manifest, ["properties"]))) return [];
      return [
        {
          path: ["properties"],
          message: "has no source; expected 'sourceVirtualMachine' or 'storageProfile.osDisk'",
        },
      ];
    },
  },
  {
    id: "vm-excludes-disks",
    why: "An image of a virtual machine takes all its disks from that machine.",
    check: (manifest) => {
      if (valueAt(manifest, VIRTUAL_MACHINE) === undefined) return [];
      const message =
        "cannot be combined with 'properties.sourceVirtualMachine'; remove one of the two";
      return [OS_DISK, DATA_DISKS]
        .filter((path) => !isAbsentOrEmpty(valueAt(manifest, path)))
        .map((path) => ({ path, message }));
    },
  },
  {
    id: "one-source-per-disk",
    why: "A disk comes from exactly one of blob, snapshot and managed disk.",
    check: (manifest) =>
      disks(manifest).flatMap(({ path, disk }) => {
        const given = DISK_SOURCES.filter((key) => disk[key] !== undefined);
        if (given.length === 1) return [];
        const found =
          given.length === 0
            ? "has no source"
            : `has ${given.length} sources (${given.join(", ")})`;
        return [{ path, message: `${found}; expected exactly one of ${DISK_SOURCES.join(", ")}` }];
      }),
  },
  {
    id: "one-spelling",
    why: "Two names for one property are ambiguous when their values differ.",
    check: (manifest) =>
      disks(manifest).flatMap(({ path, disk }) =>
        ALIASES.filter(
          ([today, older]) => disk[today] !== undefined && disk[older] !== undefined,
        ).map(([today, older]) => ({
          path: [...path, older],
          message: `means the same as '${today}'; remove one of the two`,
        })),
      ),
  },
  {
    id: "unique-luns",
    why: "Each data disk of an image needs its own logical unit number.",
    check: (manifest) => {
      const first = new Map<number, Path>();
      return disks(manifest).flatMap(({ path, disk }) => {
        const lun = readLun(disk.lun);
        if (lun === null) return [];
        const lunPath = [...path, "lun"];
        const other = first.get(lun);
        if (other === undefined) {
          first.set(lun, lunPath);
          return [];
        }
        return [{ path: lunPath, message: `is ${lun}, which '${formatPath(other)}' already has` }];
      });
    },
  },
  {
    id: "tags",
    why: "Limits of Resource Manager tags (learn.microsoft.com/azure/azure-resource-manager/management/tag-resources).",
    check: (manifest) => checkTags(manifest, ["tags"], 0),
  },
  ...GALLERY_RULES,
  ...GALLERY_TWIN_RULES,
];

/** A number, also written as text; null for what is none: that is the shape's business. */
function readLun(value: unknown): number | null {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || value.length > MAX_LUN_CHARACTERS) return null;
  return /^\d+$/.test(value) ? Number(value) : null;
}

/** The disks that are objects, with their paths; others are the shape's business. */
function disks(manifest: unknown): { path: Path; disk: Readonly<Record<string, unknown>> }[] {
  const osDisk = valueAt(manifest, OS_DISK);
  const dataDisks = valueAt(manifest, DATA_DISKS);
  const all = [
    { path: OS_DISK, disk: osDisk },
    ...(Array.isArray(dataDisks) ? dataDisks : []).map((disk: unknown, index) => ({
      path: [...DATA_DISKS, index],
      disk,
    })),
  ];
  return all.flatMap(({ path, disk }) => (isObject(disk) ? [{ path, disk }] : []));
}

function isAbsentOrEmpty(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}
