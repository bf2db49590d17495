import type { Piece } from "./block-source.ts";
import { refuseDamaged } from "./refusal.ts";

const SUBCLUSTERS = 32;

/** The two bitmaps of an extended L2 entry; bit 0 is the first subcluster. */
export interface SubclusterBits {
  readonly allocated: number;
  readonly zero: number;
}

/** The pieces of a cluster with subclusters; neighbours of one kind as one. */
export function readSubclusters(
  { guestOffset, length }: { readonly guestOffset: number; readonly length: number },
  cluster: number,
  { allocated, zero }: SubclusterBits,
  entryOffset: number,
): readonly Piece[] {
  const isContradictory = (allocated & zero) !== 0 || (cluster === 0 && allocated !== 0);
  if (isContradictory) {
    refuseDamaged(
      "qcow2",
      `has subclusters that contradict each other, at byte ${guestOffset} of the disk`,
      entryOffset,
    );
  }
  const bytes = length / SUBCLUSTERS;
  const isAllocated = (index: number): boolean => ((allocated >>> index) & 1) === 1;
  const pieces: Piece[] = [];
  for (let start = 0; start < SUBCLUSTERS; ) {
    let end = start + 1;
    while (end < SUBCLUSTERS && isAllocated(end) === isAllocated(start)) end += 1;
    const place = { guestOffset: guestOffset + start * bytes, length: (end - start) * bytes };
    if (isAllocated(start)) {
      pieces.push({ kind: "copy", ...place, fileOffset: cluster + start * bytes });
    } else pieces.push({ kind: "zero", ...place });
    start = end;
  }
  return pieces;
}
