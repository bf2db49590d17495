import type { OsType } from "../../vocabulary.ts";
import type { Confidence } from "../finding.ts";
import type { Evidence } from "./evidence.ts";

/** What a pattern of evidence says about the operating system on a disk. */
export interface OsTypeRule {
  readonly holds: (evidence: Evidence) => boolean;
  readonly osType: OsType | null;
  readonly confidence: Confidence;
  readonly reason: (evidence: Evidence) => string;
}

const LINUX_LOADERS: readonly Evidence["bootCode"][] = [
  "GRUB",
  "LILO",
  "SYSLINUX",
  "SYSLINUX altmbr",
  "SYSLINUX loader",
];
const BSD_LOADERS: readonly Evidence["bootCode"][] = ["FreeBSD", "OpenBSD", "NetBSD"];
/** A file system that every data disk may have: by itself it does not speak of a system on the disk. */
const DATA_VOLUMES: readonly string[] = ["NTFS", "ReFS"];
/** What Windows adds to every GPT disk, those for data and for other systems' installers included. */
const RESERVED = "Microsoft reserved";

/**
 * In order; the first that holds decides. Boot code in sector 0 counts less than a complete system of
 * the other kind: it stays when a disk is reinstalled. The footer's creator is never read:
 * converters write "Windows" there whatever is on the disk.
 */
export const OS_TYPE_RULES: readonly OsTypeRule[] = [
  {
    holds: (e) => isWindows(e) && (e.linux.length > 0 || e.bsd.length > 0),
    osType: null,
    confidence: "low",
    reason: (e) =>
      `both systems: ${list(nameWindows(e))} of Windows, ${list([...e.linux, ...e.bsd])} of ${e.linux.length > 0 ? "Linux" : "a BSD"}`,
  },
  {
    holds: (e) => e.foreign.length > 0,
    osType: null,
    confidence: "low",
    reason: (e) => `a system that Azure does not run: ${list(e.foreign)}`,
  },
  {
    holds: (e) => isCompleteWindows(e) && !hasForeignLoader(e),
    osType: "Windows",
    confidence: "high",
    reason: (e) => `Windows: ${list(nameWindows(e))}, nothing of Linux`,
  },
  {
    holds: (e) => isCompleteWindows(e),
    osType: "Windows",
    confidence: "medium",
    reason: (e) =>
      `Windows: ${list(nameWindows(e))}; of Linux there is only ${list(nameLoaders(e))}`,
  },
  {
    holds: (e) => isWindows(e) && hasForeignLoader(e),
    osType: null,
    confidence: "low",
    reason: (e) =>
      `both systems: ${list(nameWindows(e))} of Windows, ${list(nameLoaders(e))} of another`,
  },
  {
    holds: (e) => isWindows(e) && (e.bootCode === "Microsoft" || mayBeUefi(e)),
    osType: "Windows",
    confidence: "medium",
    reason: (e) => `probably Windows: ${list(nameWindows(e))}, and something that may start it`,
  },
  {
    holds: isWindows,
    osType: "Windows",
    confidence: "low",
    reason: (e) => `perhaps Windows: ${list(nameWindows(e))}, but nothing that starts it`,
  },
  {
    holds: (e) => e.hasLinuxVolume && (isUefi(e) || startsLinux(e)),
    osType: "Linux",
    confidence: "high",
    reason: (e) => `Linux: ${list([...e.linux, ...nameLoaders(e)])}, nothing of Windows`,
  },
  {
    holds: (e) =>
      nameLoaders(e).length > 0 ||
      (e.linux.length > 0 && (mayBeUefi(e) || !["none", "Microsoft"].includes(e.bootCode))),
    osType: "Linux",
    confidence: "medium",
    reason: (e) => `probably Linux: ${list([...e.linux, ...e.bsd, ...nameLoaders(e)])}`,
  },
  {
    holds: (e) => e.linux.length > 0,
    osType: "Linux",
    confidence: "low",
    reason: (e) => `perhaps Linux: ${list(e.linux)}, but nothing that starts it`,
  },
  {
    holds: (e) => e.bsd.length > 0,
    osType: "Linux",
    confidence: "medium",
    reason: (e) => `a BSD system, which Azure counts as Linux: ${list(e.bsd)}`,
  },
  {
    holds: () => true,
    osType: null,
    confidence: "low",
    reason: () => "the operating system does not show: no volume that only one of them uses",
  },
];

/** UEFI firmware finds something to start, by itself or by a boot entry. */
function isUefi(e: Evidence): boolean {
  const isSeen = e.efiLoader === "present" || (e.hasEfiSystem && e.efiLoader === "vendor");
  return isSeen && !e.isUnprotected;
}

/** The same, or what holds its loaders was not read to the end. */
function mayBeUefi(e: Evidence): boolean {
  return isUefi(e) || (e.hasEfiSystem && e.efiLoader === "unknown" && !e.isUnprotected);
}

function startsLinux(e: Evidence): boolean {
  return LINUX_LOADERS.includes(e.bootCode) || (e.hasBiosBoot && e.bootCode !== "none");
}

function isWindows(e: Evidence): boolean {
  return nameWindows(e).length > 0;
}

/** Its volumes, and its own loader or more than the volumes of a data disk beside any loader. */
function isCompleteWindows(e: Evidence): boolean {
  const volumes = e.windows.filter((name) => name !== RESERVED);
  if (volumes.length === 0) return false;
  if (e.windowsLoader !== null) return true;
  const isMore = e.windows.some((name) => !DATA_VOLUMES.includes(name));
  return e.isLoaderInEfiSystem && !e.isUnprotected && isMore;
}

/** Loaders of other systems: by code in sector 0, or by their directories in `\EFI`. */
function nameLoaders(e: Evidence): readonly string[] {
  const isOther = LINUX_LOADERS.includes(e.bootCode) || BSD_LOADERS.includes(e.bootCode);
  return [
    ...(isOther ? [`${e.bootCode} boot code`] : []),
    ...e.efiVendors.map((name) => `\\EFI\\${name}`),
  ];
}

/** Such a loader that a machine would come to: GRUB's first stage without a second is left over. */
function hasForeignLoader(e: Evidence): boolean {
  const isLeftOver = e.bootCode === "GRUB" && isUefi(e) && e.grubCore !== "present";
  return nameLoaders(e).length > (isLeftOver ? 1 : 0);
}

function nameWindows(e: Evidence): readonly string[] {
  return e.windowsLoader === null ? e.windows : [...e.windows, e.windowsLoader];
}

function list(names: readonly string[]): string {
  return names.join(", ");
}
