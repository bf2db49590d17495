import type { Certainty, DiskFinding, DiskRole, PartitionFinding } from "../finding.ts";
import type { DiskLayout, ProbedPartition } from "../table/layout.ts";
import {
  type Conclusion,
  concludeArchitecture,
  concludeGeneration,
  concludeOsType,
} from "./conclude.ts";
import { gatherEvidence, lowerConfidence } from "./evidence.ts";
import { listWarnings } from "./warning-rules.ts";

/** The part of a finding that the content of the disk tells. */
export type ContentFinding = Omit<
  DiskFinding,
  "format" | "virtualSize" | "problem" | "mayBeUnfinished"
>;

/** More than any installer makes. Findings are kept in a record of limited size, 64 disks of them. */
const MAX_LISTED = 16;

/** What follows from the layout of a disk that is to have this role. */
export function concludeDisk(layout: DiskLayout, role: DiskRole): ContentFinding {
  const evidence = gatherEvidence(layout);
  const generation = concludeGeneration(evidence);
  const osType = concludeOsType(evidence);
  const architecture = concludeArchitecture(evidence);
  const unread = layout.partitions.filter(({ isRead, type }) => !isRead && !type.opaque).length;
  return {
    partitionTable: layout.table,
    partitions: layout.partitions.slice(0, MAX_LISTED).map(describePartition),
    osType: osType.value,
    hyperVGeneration: generation.value,
    architecture: architecture.value,
    confidence: lowerConfidence(generation.confidence, osType.confidence),
    certainty: { osType: certaintyOf(osType), hyperVGeneration: certaintyOf(generation) },
    excluded: { osType: osType.excluded, hyperVGeneration: generation.excluded },
    reasons: [generation.reason, osType.reason, architecture.reason].filter(
      (reason) => reason !== null,
    ),
    warnings: [
      ...layout.warnings,
      ...(layout.partitions.length > MAX_LISTED
        ? [`${layout.partitions.length} partitions; the first ${MAX_LISTED} are listed`]
        : []),
      ...(unread > 0 ? [`${unread} partitions were not examined: the read budget ended`] : []),
      ...describeDoubts(layout),
      ...listWarnings({ evidence, role, architecture: architecture.value }),
    ],
  };
}

function certaintyOf({ confidence, reason }: Conclusion<string>): Certainty {
  return { confidence, reason };
}

/** File systems that are larger than where they are, or beside the mark of another. */
function describeDoubts({ partitions }: DiskLayout): readonly string[] {
  return partitions
    .slice(0, MAX_LISTED)
    .flatMap(({ fileSystem }, index) =>
      fileSystem?.isSure === false
        ? [
            `partition ${index + 1} has the mark of ${fileSystem.name}, which does not fit its size or appears together with that of another file system`,
          ]
        : [],
    );
}

/** The disk is inside a file of another format, or there is none. */
export function concludeNothing(format: DiskFinding["format"]): ContentFinding {
  const nothing = { confidence: "low", reason: `not examined: ${format}` } as const;
  return {
    partitionTable: "none",
    partitions: [],
    osType: null,
    hyperVGeneration: null,
    architecture: null,
    confidence: "low",
    certainty: { osType: nothing, hyperVGeneration: nothing },
    excluded: { osType: [], hyperVGeneration: [] },
    reasons: [nothing.reason],
    warnings: [],
  };
}

function describePartition(partition: ProbedPartition): PartitionFinding {
  const { type, size, fileSystem, name } = partition;
  const label = fileSystem?.label ?? name;
  return {
    type: type.name,
    size,
    fileSystem: fileSystem?.name ?? null,
    ...(label !== null && { label }),
  };
}
