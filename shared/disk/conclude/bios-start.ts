import type { BootCode } from "../content/boot-code.ts";
import type { Evidence } from "./evidence.ts";

/**
 * Whether a BIOS starts a disk. `yes`: every step of the way was seen. `likely`: the code is known, and
 * what it needs is there. `maybe`, `perhaps`: there is code, with and without a place that it could go
 * to. `no`: it cannot.
 */
export interface BiosStart {
  readonly start: "yes" | "likely" | "maybe" | "perhaps" | "no";
  /** A clause that says why. */
  readonly how: string;
}

interface BiosRule {
  readonly holds: (evidence: Evidence) => boolean;
  readonly start: BiosStart["start"];
  readonly how: (evidence: Evidence) => string;
}

/** Code that starts the active partition, and nothing without one. FreeBSD's has the same messages. */
const NEEDS_ACTIVE: readonly BootCode[] = ["Microsoft", "SYSLINUX"];
/** Code that starts the active partition, or one that a menu offers. */
const STARTS_ACTIVE: readonly BootCode[] = [...NEEDS_ACTIVE, "FreeBSD", "OpenBSD", "NetBSD"];

/** What the code in sector 0 does (SeaBIOS, and the sources of the loaders). The first that holds counts. */
const BIOS_RULES: readonly BiosRule[] = [
  {
    holds: (e) => !e.hasBootSignature || e.bootCode === "none",
    start: "no",
    how: () => "no BIOS boot code",
  },
  {
    holds: (e) => e.bootCode === "GRUB" && e.grubCore === "present",
    start: "yes",
    how: (e) => `${nameWay(e)}boot code (GRUB) whose second stage is where it looks for it`,
  },
  {
    holds: (e) => e.bootCode === "SYSLINUX loader" && e.table !== "gpt",
    start: "likely",
    how: (e) => `${nameWay(e)}boot code (${e.bootCode})`,
  },
  {
    holds: (e) => !e.hasPartitions && e.efiLoader !== "present",
    start: "perhaps",
    how: (e) => `boot code (${e.bootCode}), but no partition that it could start`,
  },
  {
    holds: (e) => isGrubElsewhere(e) && e.table === "gpt" && !hasBiosWay(e),
    start: "no",
    how: () => "GRUB's boot code is left over in sector 0, and its second stage is gone",
  },
  {
    holds: (e) => isGrubElsewhere(e) && (e.hasBiosBootCore || e.grubCore === "unnamed"),
    start: "likely",
    how: (e) => `${nameWay(e)}boot code (GRUB)`,
  },
  {
    holds: (e) => isGrubElsewhere(e),
    start: "maybe",
    how: (e) =>
      `${nameWay(e)}boot code (GRUB), though its second stage is not where it looks for it`,
  },
  {
    holds: (e) => e.bootCode === "GRUB" && e.grubCore === "unknown",
    start: "maybe",
    how: (e) => `${nameWay(e)}boot code (GRUB), whose second stage was not seen`,
  },
  {
    holds: (e) => e.bootCode === "GRUB" || e.bootCode === "LILO",
    start: "likely",
    how: (e) => `${nameWay(e)}boot code (${e.bootCode})`,
  },
  {
    holds: (e) => e.table === "gpt" && e.bootCode === "FreeBSD" && e.hasBiosBoot,
    start: "likely",
    how: () => "a FreeBSD boot partition with boot code (FreeBSD)",
  },
  {
    holds: (e) => e.table === "gpt" && e.bootCode === "Microsoft" && !e.isHybrid && !e.hasActive,
    start: "no",
    how: () => "no BIOS boot code (Microsoft's cannot start anything from a GPT)",
  },
  {
    holds: (e) => e.table === "mbr" && NEEDS_ACTIVE.includes(e.bootCode) && !e.hasActive,
    start: "no",
    how: (e) => `boot code (${e.bootCode}), but no active partition that it could start`,
  },
  {
    holds: (e) => e.table === "mbr" && e.windowsLoader !== null && e.hasActive,
    start: "likely",
    how: (e) => `MBR with boot code (${e.bootCode === "other" ? e.windowsLoader : e.bootCode})`,
  },
  {
    holds: (e) => NEEDS_ACTIVE.includes(e.bootCode) && e.hasActive && e.activeCode === "none",
    start: "no",
    how: (e) => `boot code (${e.bootCode}), but none in the partition that it would start`,
  },
  {
    holds: (e) =>
      STARTS_ACTIVE.includes(e.bootCode) &&
      e.hasActive &&
      e.activeCode !== null &&
      e.activeCode !== "none",
    start: "likely",
    how: (e) => `${nameWay(e)}boot code (${e.bootCode}) and a partition that it starts`,
  },
  {
    holds: (e) => e.table === "gpt" && e.hasBiosBoot,
    start: "likely",
    how: (e) => `a BIOS boot partition with boot code (${e.bootCode})`,
  },
  {
    holds: (e) => e.hasActive || e.isHybrid || e.bootCode === "SYSLINUX altmbr",
    start: "maybe",
    how: (e) => `${nameWay(e)}boot code (${e.bootCode}), of which it is not known what it starts`,
  },
  {
    holds: () => true,
    start: "perhaps",
    how: (e) => `boot code (${e.bootCode}) with no place that it is known to start`,
  },
];

/** Judges the way from sector 0 on. */
export function judgeBiosStart(evidence: Evidence): BiosStart {
  const rule = BIOS_RULES.find(({ holds }) => holds(evidence));
  if (rule === undefined) throw new TypeError("the last rule of BIOS starts holds always");
  return { start: rule.start, how: rule.how(evidence) };
}

/** A place that a BIOS could be led to on a GPT disk. */
export function hasBiosWay(e: Evidence): boolean {
  return e.hasBiosBoot || e.isHybrid || e.hasActive;
}

/** GRUB's first stage looks for the second where it is not. */
function isGrubElsewhere(e: Evidence): boolean {
  return e.bootCode === "GRUB" && (e.grubCore === "absent" || e.grubCore === "unnamed");
}

function nameWay(e: Evidence): string {
  if (e.table !== "gpt") return e.table === "mbr" ? "MBR with " : "";
  if (e.hasBiosBoot) return "BIOS boot partition and ";
  if (e.isHybrid) return "a hybrid MBR and ";
  return e.hasActive ? "a partition marked for legacy boot and " : "";
}
