import type { Generation } from "../vocabulary.ts";
import { concludeDisk, concludeNothing } from "./conclude/conclude-disk.ts";
import { type DiskReader, type LimitedReader, limitReader } from "./disk-reader.ts";
import type { DiskFinding, DiskFormat, DiskProblem, DiskRole } from "./finding.ts";
import { readFormat } from "./format/read-format.ts";
import { judgeShape } from "./judge-shape.ts";
import { readEnds } from "./read-ends.ts";
import { findDiskSizeProblem } from "./size-limits.ts";
import { mayHaveElTorito } from "./table/el-torito.ts";
import type { DiskLayout } from "./table/layout.ts";
import { probePartitions } from "./table/probe-partitions.ts";
import { readPartitionTable, UNDIVIDED } from "./table/read-table.ts";

export interface InspectOptions {
  /** What the disk is to be. */
  readonly role: DiskRole;
  /** The generation that was requested; it decides about the size where it is given. */
  readonly generation?: Generation;
}

/**
 * Reads what a disk is: its format, partitions, file systems, and what follows from them. At most 12
 * reads and 256 KiB, whatever is on the disk; 18 to 48 KiB of an ordinary disk.
 * @throws DiskReadError when the reader breaks its contract; the reader's own errors pass unchanged.
 */
export async function inspectDisk(
  source: DiskReader,
  options: InspectOptions,
): Promise<DiskFinding> {
  const reader = limitReader(source);
  const format = readFormat(await readEnds(reader));
  const layout = await readLayout(reader, format.diskBytes);
  const shape = await judgeShape(reader, format, layout);
  const finding =
    format.diskBytes === null ? concludeNothing(shape.format) : concludeDisk(layout, options.role);
  const sizeProblem = (): DiskProblem | null =>
    format.virtualSize === null
      ? null
      : findDiskSizeProblem({
          virtualSize: format.virtualSize,
          role: options.role,
          generation: options.generation ?? generationOf(finding.hyperVGeneration),
          table: layout.table,
        });
  return {
    ...shape,
    ...finding,
    warnings: [
      ...format.warnings,
      ...(WITHOUT_ADVICE.includes(shape.format) ? [] : finding.warnings),
    ],
    virtualSize: format.virtualSize,
    problem: shape.problem ?? sizeProblem(),
  };
}

/** What lies beyond a cut is missing, not wrong, and what is unknown may be no disk at all. */
const WITHOUT_ADVICE: readonly DiskFormat[] = ["VHD cut short", "unknown"];

const NO_LAYOUT: DiskLayout = {
  ...UNDIVIDED,
  partitions: [],
  hasElTorito: false,
  emptiness: "blank as read",
};

async function readLayout(reader: LimitedReader, diskBytes: number | null): Promise<DiskLayout> {
  if (diskBytes === null || diskBytes <= 0) return NO_LAYOUT;
  const table = await readPartitionTable(reader, diskBytes);
  // Begun first, so that its read is counted before the partitions share what is left.
  const [hasElTorito, partitions] = await Promise.all([
    mayHaveElTorito(reader, table),
    probePartitions(reader, table.partitions),
  ]);
  return { ...table, partitions, hasElTorito };
}

/** Only a disk that cannot be of generation 2 has the limit of generation 1 without being asked. */
function generationOf(found: DiskFinding["hyperVGeneration"]): Generation | null {
  return found === "both" ? null : found;
}
