import type { SparseImage } from "../../local/sample-vhds/index.ts";
import type { Random } from "./random.ts";

/** What one Put Page request writes; both numbers in bytes. */
export interface PageRange {
  readonly offset: number;
  readonly count: number;
}

/** The chunks of a disk that hold anything but zeros, ascending: no tool sends the others. */
export function listUsedPages(image: SparseImage, chunkBytes: number): readonly PageRange[] {
  const offsets = new Set<number>();
  for (const { offset, bytes } of image.extents) {
    const first = offset - (offset % chunkBytes);
    for (let at = first; at < offset + bytes.length; at += chunkBytes) offsets.add(at);
  }
  return [...offsets]
    .toSorted((left, right) => left - right)
    .map((offset) => ({ offset, count: Math.min(chunkBytes, image.sizeBytes - offset) }));
}

/**
 * The pages in an order in which they may arrive when at most `parallel` requests are under way and
 * requests start in ascending order: a page overtakes those of its window, never more.
 */
export function orderArrivals(
  pages: readonly PageRange[],
  parallel: number,
  random: Random,
): readonly PageRange[] {
  const waiting = [...pages];
  const underWay = waiting.splice(0, parallel);
  const arrived: PageRange[] = [];
  while (underWay.length > 0) {
    const [page] = underWay.splice(Math.floor(random() * underWay.length), 1);
    if (page !== undefined) arrived.push(page);
    underWay.push(...waiting.splice(0, 1));
  }
  return arrived;
}

/** Position, in an order of arrival, of the page with the VHD footer: the end of the disk. */
export function findFooter(pages: readonly PageRange[]): number {
  const last = Math.max(...pages.map(({ offset }) => offset));
  return pages.findIndex(({ offset }) => offset === last);
}
