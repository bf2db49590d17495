import { MIB } from "./units.ts";

/** A length in bytes, or all that the other partitions leave over (at most one per disk). */
export type PlannedSize = number | "rest";

export type PlacedPartition<Plan> = {
  readonly plan: Plan;
  readonly startBytes: number;
  readonly lengthBytes: number;
};

/** The partitions do not fit on the disk. */
export class DiskTooSmallError extends Error {
  override readonly name = "DiskTooSmallError";
}

/**
 * Returns the partitions one after the other, each aligned to 1 MiB as every current installer does,
 * between the first MiB and `endBytes`.
 *
 * @throws {DiskTooSmallError} if they need more room.
 */
export function placePartitions<Plan extends { readonly size: PlannedSize }>(
  plans: readonly Plan[],
  endBytes: number,
): PlacedPartition<Plan>[] {
  const usableBytes = Math.floor(endBytes / MIB) * MIB - MIB;
  const fixedBytes = plans.reduce((sum, { size }) => sum + (size === "rest" ? 0 : size), 0);
  const restBytes = usableBytes - fixedBytes;
  if (restBytes < MIB) {
    const needed = Math.ceil((fixedBytes + 2 * MIB) / MIB) + 1;
    throw new DiskTooSmallError(`the partitions need a disk of at least ${needed} MiB`);
  }
  let startBytes = MIB;
  return plans.map((plan) => {
    const lengthBytes = plan.size === "rest" ? restBytes : plan.size;
    const placed = { plan, startBytes, lengthBytes };
    startBytes += lengthBytes;
    return placed;
  });
}
