import type { PlacedPartition } from "./layout.ts";

/** As many as are named in a warning: a GPT may have 256 partitions, all of them wrong. */
const MAX_NAMED = 8;

/**
 * The partitions that can be where their table says, and a warning for what cannot. The numbering is
 * that of the used entries, from 1. Firmware passes over those that overlap; of an MBR with one entry that
 * is wrong it takes none (EDK II, PartitionDxe): `isAllOrNone`.
 */
export function describePlaces(
  listed: readonly PlacedPartition[],
  { diskBytes, isAllOrNone = false, usable }: PlaceOptions,
): { readonly partitions: readonly PlacedPartition[]; readonly warnings: readonly string[] } {
  const numbered = listed.map((partition, index) => ({ partition, number: index + 1 }));
  const possible = numbered.filter(({ partition }) => isPossible(partition));
  const impossible = numbered.filter(({ partition }) => !isPossible(partition));
  const outside = possible.filter(({ partition }) => endOf(partition) > diskBytes);
  const unusable = possible.filter(
    ({ partition }) =>
      usable !== undefined &&
      endOf(partition) <= diskBytes &&
      (partition.start < usable.start || endOf(partition) > usable.end),
  );
  const { overlapping, involved } = findOverlaps(possible);
  const describe = (found: readonly Numbered[], what: string): readonly string[] => {
    if (found.length === 0) return [];
    const named = found.slice(0, MAX_NAMED).map(({ number }) => number);
    const more = found.length > MAX_NAMED ? ` and ${found.length - MAX_NAMED} more` : "";
    return [`partition ${named.join(", ")}${more} ${what}`];
  };
  const hasFault = isAllOrNone && outside.length + overlapping.length > 0;
  return {
    partitions: possible.map(({ partition }) =>
      hasFault || involved.has(partition) ? { ...partition, isIgnored: true } : partition,
    ),
    warnings: [
      ...describe(impossible, "has an impossible place and is left out"),
      ...describe(outside, "ends beyond the end of the disk"),
      ...describe(
        unusable,
        "lies outside the usable sectors of its GPT, and firmware passes over it ('sgdisk -p' shows both)",
      ),
      ...describe(overlapping, "overlaps a partition before it"),
    ],
  };
}

interface PlaceOptions {
  readonly diskBytes: number;
  readonly isAllOrNone?: boolean;
  /** The bytes that a GPT leaves for partitions. */
  readonly usable?: { readonly start: number; readonly end: number };
}

interface Numbered {
  readonly partition: PlacedPartition;
  readonly number: number;
}

/** Partitions that begin within an earlier one, and all that are part of it: firmware takes neither. */
function findOverlaps(possible: readonly Numbered[]): {
  readonly overlapping: readonly Numbered[];
  readonly involved: ReadonlySet<PlacedPartition>;
} {
  const overlapping: Numbered[] = [];
  const involved = new Set<PlacedPartition>();
  let farthest: PlacedPartition | null = null;
  for (const one of possible.toSorted((a, b) => a.partition.start - b.partition.start)) {
    const { partition } = one;
    if (farthest !== null && endOf(farthest) > partition.start) {
      overlapping.push(one);
      involved.add(partition).add(farthest);
    }
    if (farthest === null || endOf(partition) > endOf(farthest)) farthest = partition;
  }
  return { overlapping, involved };
}

function isPossible({ start, size }: PlacedPartition): boolean {
  return start > 0 && size > 0 && Number.isSafeInteger(start) && Number.isSafeInteger(start + size);
}

function endOf({ start, size }: PlacedPartition): number {
  return start + size;
}
