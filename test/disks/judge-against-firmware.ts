import type { DiskFinding } from "../../shared/disk/finding.ts";

/** What firmware did with a disk. */
export interface Starts {
  readonly bios: boolean;
  readonly uefi: boolean;
}

/** A finding held against what firmware did. */
export interface Judgement {
  /** Whether it is certain of the generation, or certain that there is none. */
  readonly isCertain: boolean;
  /** What is said with certainty and is not so; empty where nothing is. */
  readonly faults: readonly string[];
  /** What is said with any confidence is so. */
  readonly isRight: boolean;
}

/** Holds the generation and what is excluded against the truth. */
export function judgeAgainstFirmware(finding: DiskFinding, starts: Starts): Judgement {
  const { hyperVGeneration: found, excluded, certainty } = finding;
  const isCertain = certainty.hyperVGeneration.confidence === "high";
  const truth = nameTruth(starts);
  const canStart = { V1: starts.bios, V2: starts.uefi };
  const wrongly = excluded.hyperVGeneration.filter((generation) => canStart[generation]);
  return {
    isCertain: isCertain || excluded.hyperVGeneration.length === 2,
    isRight: found === truth && wrongly.length === 0,
    faults: [
      ...(isCertain && found !== truth ? [`${found} is certain, but ${truth} is true`] : []),
      ...wrongly.map((generation) => `${generation} is excluded, but starts`),
    ],
  };
}

function nameTruth({ bios, uefi }: Starts): DiskFinding["hyperVGeneration"] {
  if (bios && uefi) return "both";
  if (bios) return "V1";
  return uefi ? "V2" : null;
}
