import type { DiskFinding } from "../../../../shared/disk/finding.ts";

/** The parts of a finding that say what a disk is, short enough to be listed for many disks. */
export interface FindingSummary {
  readonly format: DiskFinding["format"];
  readonly table: DiskFinding["partitionTable"];
  /** Type, file system and label of each partition. */
  readonly partitions: readonly string[];
  /** Value and confidence. */
  readonly osType: string;
  readonly generation: string;
  readonly architecture: DiskFinding["architecture"];
  readonly warnings: readonly string[];
  readonly problem: string | null;
}

export function summarize(finding: DiskFinding): FindingSummary {
  const { certainty, problem } = finding;
  return {
    format: finding.format,
    table: finding.partitionTable,
    partitions: finding.partitions.map(({ type, fileSystem, label }) =>
      [type, fileSystem ?? "-", ...(label === undefined ? [] : [label])].join(" / "),
    ),
    osType: `${finding.osType ?? "unknown"}, ${certainty.osType.confidence}`,
    generation: `${finding.hyperVGeneration ?? "unknown"}, ${certainty.hyperVGeneration.confidence}`,
    architecture: finding.architecture,
    warnings: finding.warnings,
    problem: problem && `${problem.code}: ${problem.message}`,
  };
}
