import { formatBytes, visible } from "./format.ts";
import type { Inspection } from "./status.ts";

const TABLES: Readonly<Record<string, string>> = {
  gpt: "GPT",
  mbr: "MBR",
  none: "no partition table",
};
const GENERATIONS: Readonly<Record<string, string>> = {
  V1: "generation 1 (BIOS)",
  V2: "generation 2 (UEFI)",
  both: "generation 1 or 2",
};

/** What was found on a disk, in one sentence. */
export function describeFinding(inspection: Inspection): string {
  const { format, virtualSize, partitionTable, osType, hyperVGeneration, architecture } =
    inspection;
  const parts = [
    format,
    ...(virtualSize === null ? [] : [formatBytes(virtualSize)]),
    TABLES[partitionTable] ?? partitionTable,
    osType ?? "operating system not detected",
    ...(hyperVGeneration === null ? [] : [GENERATIONS[hyperVGeneration] ?? hyperVGeneration]),
    ...(architecture === null ? [] : [architecture]),
  ];
  return `${parts.map(visible).join(", ")}; confidence ${visible(inspection.confidence)}`;
}

/** The partitions of a disk, a line each. */
export function listPartitions({ partitions }: Inspection): readonly string[] {
  return partitions.map(({ type, size, fileSystem, label }) =>
    [type, formatBytes(size), fileSystem ?? "unknown content", ...(label ? [`“${label}”`] : [])]
      .map(visible)
      .join(", "),
  );
}
