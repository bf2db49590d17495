import type { Architecture } from "../../vocabulary.ts";
import type { EfiBootFiles } from "../content/efi-boot-files.ts";
import type { DiskLayout } from "../table/layout.ts";

/** Directories of `\EFI` that belong to no operating system, but to a machine's maker or to tools. */
const NEUTRAL_VENDORS: readonly string[] = [
  "boot",
  "microsoft",
  "dell",
  "hp",
  "hewlett-packard",
  "lenovo",
  "acer",
  "asus",
  "oem",
  "tools",
  "updatecapsule",
];
const MICROSOFT = /^(?:microsoft|micros~\d)$/;

/** What firmware finds in the FAT volumes of a disk. */
export interface EfiEvidence {
  readonly hasEfiSystem: boolean;
  /**
   * `present`: a loader that a new machine starts. `vendor`: only such as a boot entry would name.
   * `unknown`: something that could hold one was not read, or not to the end.
   */
  readonly efiLoader: "present" | "vendor" | "absent" | "unknown";
  /** Whether the loader is in an EFI system partition; false also where there is none. */
  readonly isLoaderInEfiSystem: boolean;
  /** Firmware may find a loader as on a CD, before it looks at an MBR. */
  readonly hasElTorito: boolean;
  readonly efiMachines: readonly (Architecture | "x86")[];
  /** Whether a loader, or what may hold one, is in a partition that firmware passes over. */
  readonly hasIgnoredLoader: boolean;
  readonly hasMicrosoftLoader: boolean;
  /** Directories of `\EFI` that belong to a system other than Windows. */
  readonly efiVendors: readonly string[];
}

/** Gathers it: firmware looks into every FAT that it can read, whatever the partition's type says. */
export function gatherEfiEvidence(layout: DiskLayout): EfiEvidence {
  const { partitions, wholeDiskEfi, isCut, hasElTorito } = layout;
  const systems = partitions.filter(({ type }) => type.boot === "efi");
  const seen = partitions.filter(({ isIgnored }) => !isIgnored);
  const volumes = [
    ...seen.flatMap(({ efi }) => efi ?? []),
    ...(wholeDiskEfi ? [wholeDiskEfi] : []),
  ];
  const ignored = partitions.filter(({ isIgnored }) => isIgnored).flatMap(({ efi }) => efi ?? []);
  const machines = [...new Set(volumes.flatMap((volume) => volume.machines ?? []))];
  const vendors = [...new Set(volumes.flatMap((volume) => volume.vendors))];
  // All of them show whose they are, started or not.
  const named = [...new Set([...vendors, ...ignored.flatMap((volume) => volume.vendors)])];
  const isUnread = isCut || partitions.some(({ isRead, mayHoldDisk }) => !isRead || mayHoldDisk);
  return {
    hasEfiSystem: systems.length > 0,
    hasElTorito,
    efiLoader: judgeLoader(volumes, { machines, vendors, isUnread }),
    isLoaderInEfiSystem: systems.some(
      ({ efi, isIgnored }) => !isIgnored && (efi?.machines ?? []).length > 0,
    ),
    efiMachines: machines,
    hasIgnoredLoader: ignored.some((volume) => volume.machines?.length !== 0),
    hasMicrosoftLoader: named.some((name) => MICROSOFT.test(name)),
    efiVendors: named.filter((name) => !NEUTRAL_VENDORS.includes(name) && !MICROSOFT.test(name)),
  };
}

function judgeLoader(
  volumes: readonly EfiBootFiles[],
  {
    machines,
    vendors,
    isUnread,
  }: {
    readonly machines: readonly string[];
    readonly vendors: readonly string[];
    readonly isUnread: boolean;
  },
): EfiEvidence["efiLoader"] {
  if (machines.length > 0) return "present";
  if (isUnread || volumes.some((volume) => volume.machines === null)) return "unknown";
  return vendors.length > 0 ? "vendor" : "absent";
}
