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

const LINUX_LOADERS: readonly Evidence["bootCode"][] = ["GRUB", "LILO", "SYSLINUX"];

/**
 * In order; the first that holds decides. The footer's creator is never looked at: converters write
 * "Windows" there whatever is on the disk.
 */
export const OS_TYPE_RULES: readonly OsTypeRule[] = [
  {
    holds: (e) => isWindows(e) && isLinux(e),
    osType: null,
    confidence: "low",
    reason: (e) =>
      `both systems: ${list(nameWindows(e))} of Windows, ${list(nameLinux(e))} of Linux`,
  },
  {
    holds: (e) => isWindows(e) && (isUefi(e) || e.windowsLoader !== null),
    osType: "Windows",
    confidence: "high",
    reason: (e) => `Windows: ${list(nameWindows(e))}, nothing of Linux`,
  },
  {
    holds: (e) => isWindows(e) && e.bootCode === "Microsoft",
    osType: "Windows",
    confidence: "medium",
    reason: (e) => `probably Windows: ${list(nameWindows(e))} and Microsoft's boot code`,
  },
  {
    holds: isWindows,
    osType: "Windows",
    confidence: "low",
    reason: (e) => `perhaps Windows: ${list(nameWindows(e))}, but nothing that starts it`,
  },
  {
    holds: (e) => e.linux.length > 0 && (isUefi(e) || startsLinux(e)),
    osType: "Linux",
    confidence: "high",
    reason: (e) => `Linux: ${list(nameLinux(e))}, nothing of Windows`,
  },
  {
    holds: (e) => isLinux(e) && e.bootCode !== "none" && e.bootCode !== "Microsoft",
    osType: "Linux",
    confidence: "medium",
    reason: (e) => `probably Linux: ${list(nameLinux(e))}`,
  },
  {
    holds: isLinux,
    osType: "Linux",
    confidence: "low",
    reason: (e) => `perhaps Linux: ${list(nameLinux(e))}, but nothing that starts it`,
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

function isUefi(e: Evidence): boolean {
  return e.table === "gpt" && e.hasEfiSystem;
}

function startsLinux(e: Evidence): boolean {
  return LINUX_LOADERS.includes(e.bootCode) || (e.hasBiosBoot && e.bootCode !== "none");
}

function isWindows(e: Evidence): boolean {
  return nameWindows(e).length > 0;
}

function isLinux(e: Evidence): boolean {
  return nameLinux(e).length > 0;
}

function nameWindows(e: Evidence): readonly string[] {
  return e.windowsLoader === null ? e.windows : [...e.windows, e.windowsLoader];
}

function nameLinux(e: Evidence): readonly string[] {
  const code = LINUX_LOADERS.includes(e.bootCode) ? [`${e.bootCode} boot code`] : [];
  return [...e.linux, ...code];
}

function list(names: readonly string[]): string {
  return names.join(", ");
}
