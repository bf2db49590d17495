import { findDiskSizeProblem } from "../disk/size-limits.ts";
import type { Failure } from "../errors.ts";
import type { ImageDecision } from "../image/image-request.ts";
import { explainDiskProblem } from "./disk-failure.ts";
import type { DiskProgress } from "./record.ts";

/**
 * The failure of a request whose OS disk is too large for the generation that was decided on. A disk
 * that starts by BIOS and by UEFI, or that does not tell for certain, gets its limit only with that.
 * Null when it fits, and for an OS disk that was not read.
 */
export function findDecidedSizeProblem(
  disks: readonly DiskProgress[],
  { hyperVGeneration: generation }: ImageDecision,
): Failure | null {
  const disk = disks.find(({ role }) => role === "os");
  const inspection = disk?.inspection ?? null;
  if (!disk?.ref || inspection === null || inspection.virtualSize === null) return null;
  const { virtualSize, partitionTable: table } = inspection;
  const problem = findDiskSizeProblem({ virtualSize, role: "os", generation, table });
  return problem && explainDiskProblem(disk.ref.name, problem);
}
