import type { Generation } from "../../vocabulary.ts";
import type { Confidence } from "../finding.ts";
import { type BiosStart, hasBiosWay, judgeBiosStart } from "./bios-start.ts";
import type { Evidence } from "./evidence.ts";
import { judgeUefiStart, type UefiStart } from "./uefi-start.ts";

/** What firmware does with a disk, and the evidence for it. */
export interface Starts {
  readonly bios: BiosStart;
  readonly uefi: UefiStart;
  readonly evidence: Evidence;
}

/** What the two ways of starting say about the generation of the virtual machines that a disk starts. */
export interface GenerationRule {
  readonly holds: (starts: Starts) => boolean;
  readonly generation: Generation | "both" | null;
  readonly confidence: Confidence;
  /** Why, as a clause that stands by itself: it becomes part of messages. */
  readonly reason: (starts: Starts) => string;
}

/**
 * Generation 1 has a BIOS, generation 2 has UEFI; the firmware decides what a disk needs to start.
 * Certain is only what is proven both ways: that the one starts it, and that the other cannot.
 */
export const GENERATION_RULES: readonly GenerationRule[] = [
  {
    holds: ({ bios, uefi }) => uefi.start === "yes" && isOne(bios, "yes", "likely"),
    generation: "both",
    confidence: "medium",
    reason: ({ bios, uefi }) => `BIOS and UEFI: ${uefi.how}, and ${bios.how}`,
  },
  {
    holds: ({ bios, uefi, evidence }) =>
      uefi.start === "yes" && isOne(bios, "maybe", "perhaps") && hasBiosWay(evidence),
    generation: "both",
    confidence: "medium",
    reason: ({ bios, uefi }) => `probably BIOS and UEFI: ${uefi.how}, and ${bios.how}`,
  },
  {
    holds: ({ bios, uefi }) => uefi.start === "yes" && bios.start !== "no",
    generation: "V2",
    confidence: "medium",
    reason: ({ bios, uefi }) => `UEFI: ${uefi.how}; there is ${bios.how}`,
  },
  {
    holds: ({ uefi, evidence }) => uefi.start === "yes" && evidence.table === "gpt",
    generation: "V2",
    confidence: "high",
    reason: ({ bios, uefi }) => `UEFI only: ${uefi.how}, ${bios.how}`,
  },
  {
    holds: ({ uefi }) => uefi.start === "yes",
    generation: "V2",
    confidence: "medium",
    reason: ({ bios, uefi }) => `UEFI only: ${uefi.how}, ${bios.how}; but no GPT`,
  },
  {
    holds: ({ bios, uefi, evidence }) =>
      uefi.start === "maybe" && isOne(bios, "yes", "likely") && isLoaderUnseen(evidence),
    generation: "both",
    confidence: "low",
    reason: ({ bios, uefi }) => `unclear: ${uefi.how}, and ${bios.how}`,
  },
  {
    holds: ({ bios, uefi }) => uefi.start === "maybe" && isOne(bios, "yes", "likely", "maybe"),
    generation: "V1",
    confidence: "medium",
    reason: ({ bios, uefi }) => `BIOS: ${bios.how}; ${uefi.how}`,
  },
  {
    holds: ({ uefi, evidence }) =>
      uefi.start === "maybe" && (evidence.hasEfiSystem || evidence.efiLoader === "vendor"),
    generation: "V2",
    confidence: "medium",
    reason: ({ bios, uefi }) => `UEFI: ${uefi.how}, ${bios.how}`,
  },
  {
    holds: ({ bios, uefi }) => uefi.start === "no" && isOne(bios, "yes", "likely"),
    generation: "V1",
    confidence: "high",
    reason: ({ bios, uefi }) => `BIOS only: ${bios.how}, ${uefi.how}`,
  },
  {
    holds: ({ bios, uefi }) => uefi.start === "no" && bios.start === "maybe",
    generation: "V1",
    confidence: "medium",
    reason: ({ bios, uefi }) => `BIOS: ${bios.how}, ${uefi.how}`,
  },
  {
    holds: () => true,
    generation: null,
    confidence: "low",
    reason: ({ bios, uefi }) =>
      `neither BIOS nor UEFI is known to start it: ${bios.how}, ${uefi.how}`,
  },
];

/** Judges both ways of starting. */
export function judgeStarts(evidence: Evidence): Starts {
  return { bios: judgeBiosStart(evidence), uefi: judgeUefiStart(evidence), evidence };
}

/**
 * The generations that the disk certainly cannot be of: their firmware does not start it. Nothing is
 * certain while the checksums of the table are wrong, or nothing was recognised at all.
 */
export function excludeGenerations({ bios, uefi, evidence }: Starts): readonly Generation[] {
  const isRecognised = evidence.table !== "none" || evidence.wholeDisk !== null;
  if (!evidence.isVerified || !(isRecognised || evidence.hasLargeSectors)) return [];
  return [
    ...(bios.start === "no" ? (["V1"] as const) : []),
    ...(uefi.start === "no" ? (["V2"] as const) : []),
  ];
}

function isOne({ start }: BiosStart, ...wanted: readonly BiosStart["start"][]): boolean {
  return wanted.includes(start);
}

function isLoaderUnseen(e: Evidence): boolean {
  return e.hasEfiSystem && e.efiLoader === "unknown";
}
