import type { PlacedPartition } from "./layout.ts";

/** Reads that are kept back: three directories of a FAT volume, and one for a distant superblock. */
export const EFI_READS = 3;
const FAR_READS = 1;

/** The partitions worth a read, in the order of their worth, within the number of reads left. */
export function choosePartitions(
  candidates: readonly PlacedPartition[],
  readsLeft: number,
): readonly PlacedPartition[] {
  const hasEfi = candidates.some(({ type }) => type.boot === "efi");
  const count = Math.max(0, readsLeft - FAR_READS - (hasEfi ? EFI_READS : 0));
  const rank = ({ type, isActive }: PlacedPartition): number => {
    if (type.boot === "efi") return 4;
    if (isActive) return 3;
    if (type.opaque) return 0;
    return type.system === undefined ? 2 : 1;
  };
  return candidates.toSorted((a, b) => rank(b) - rank(a) || b.size - a.size).slice(0, count);
}
