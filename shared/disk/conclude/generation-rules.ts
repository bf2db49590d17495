import type { Generation } from "../../vocabulary.ts";
import type { Confidence } from "../finding.ts";
import type { Evidence } from "./evidence.ts";

/** What a pattern of evidence says about the generation of the virtual machines that a disk starts. */
export interface GenerationRule {
  readonly holds: (evidence: Evidence) => boolean;
  readonly generation: Generation | "both" | null;
  readonly confidence: Confidence;
  /** Why, as a clause that stands by itself: it becomes part of messages. */
  readonly reason: (evidence: Evidence) => string;
}

/** Generation 1 has a BIOS, generation 2 has UEFI; the firmware decides what a disk needs to start. */
export const GENERATION_RULES: readonly GenerationRule[] = [
  {
    holds: (e) => e.table === "none",
    generation: null,
    confidence: "low",
    reason: () => "no partition table: neither BIOS nor UEFI starts from this disk",
  },
  {
    holds: (e) => isUefi(e) && hasBiosWay(e) && hasCode(e),
    generation: "both",
    confidence: "medium",
    reason: (e) =>
      `BIOS and UEFI: EFI system partition, and ${nameBiosWay(e)} with boot code (${e.bootCode})`,
  },
  {
    holds: (e) => isUefi(e) && hasBiosWay(e),
    generation: "V2",
    confidence: "medium",
    reason: (e) =>
      `UEFI: EFI system partition; there is ${nameBiosWay(e)}, but no boot code in sector 0`,
  },
  {
    holds: (e) => isUefi(e) && !isHarmlessCode(e),
    generation: "V2",
    confidence: "medium",
    reason: (e) =>
      `UEFI: EFI system partition; there is boot code (${e.bootCode}) in sector 0, but no BIOS boot partition`,
  },
  {
    holds: (e) => isUefi(e) && e.efiLoader === "absent",
    generation: "V2",
    confidence: "medium",
    reason: () =>
      "UEFI only: EFI system partition (without a loader in \\EFI\\BOOT), no BIOS boot code",
  },
  {
    holds: isUefi,
    generation: "V2",
    confidence: "high",
    reason: () => "UEFI only: EFI system partition, no BIOS boot code",
  },
  {
    holds: (e) => e.table === "gpt" && e.hasBiosBoot && hasCode(e),
    generation: "V1",
    confidence: "high",
    reason: (e) =>
      `BIOS only: BIOS boot partition and boot code (${e.bootCode}), no EFI system partition`,
  },
  {
    holds: (e) => e.table === "gpt" && hasBiosWay(e),
    generation: "V1",
    confidence: "medium",
    reason: (e) =>
      `BIOS: ${nameBiosWay(e)}${hasCode(e) ? "" : " (but no boot code in sector 0)"}, no EFI system partition`,
  },
  {
    holds: (e) => e.table === "gpt",
    generation: null,
    confidence: "low",
    reason: () => "nothing to start from: neither EFI system partition nor BIOS boot partition",
  },
  {
    holds: (e) => e.hasEfiSystem && hasCode(e),
    generation: "both",
    confidence: "low",
    reason: (e) => `unclear: MBR with boot code (${e.bootCode}) and an EFI system partition`,
  },
  {
    holds: (e) => e.hasEfiSystem,
    generation: "V2",
    confidence: "low",
    reason: () => "probably UEFI: EFI system partition in an MBR, no BIOS boot code",
  },
  {
    holds: (e) =>
      e.hasPartitions && hasCode(e) && (e.bootCode !== "other" || e.windowsLoader !== null),
    generation: "V1",
    confidence: "high",
    reason: (e) =>
      `BIOS only: MBR with boot code (${e.bootCode === "other" ? e.windowsLoader : e.bootCode}), no EFI system partition`,
  },
  {
    holds: (e) => e.hasPartitions && hasCode(e) && e.hasActive,
    generation: "V1",
    confidence: "medium",
    reason: () =>
      "BIOS: MBR with boot code of an unknown kind and an active partition, no EFI system partition",
  },
  {
    holds: (e) => e.windowsLoader !== null,
    generation: "V1",
    confidence: "medium",
    reason: (e) =>
      `BIOS: MBR with an active partition that starts ${e.windowsLoader}, but no boot code in sector 0`,
  },
  {
    holds: () => true,
    generation: null,
    confidence: "low",
    reason: () => "nothing to start from: MBR without boot code, no EFI system partition",
  },
];

function isUefi(e: Evidence): boolean {
  return e.table === "gpt" && e.hasEfiSystem;
}

/** A place that a BIOS could be led to on a GPT disk. */
function hasBiosWay(e: Evidence): boolean {
  return e.hasBiosBoot || e.isHybrid || e.hasActive;
}

function nameBiosWay(e: Evidence): string {
  if (e.hasBiosBoot) return "a BIOS boot partition";
  return e.isHybrid ? "a hybrid MBR" : "a partition marked for legacy boot";
}

function hasCode(e: Evidence): boolean {
  return e.bootCode !== "none";
}

/** Code that Windows Setup leaves on every disk; it cannot start anything from a GPT. */
function isHarmlessCode(e: Evidence): boolean {
  return e.bootCode === "none" || e.bootCode === "Microsoft";
}
