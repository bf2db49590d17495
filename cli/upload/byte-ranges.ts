/** A range of bytes. */
export interface ByteRange {
  readonly offset: number;
  readonly count: number;
}

/**
 * Ranges in ascending order in which those that touch or overlap are one. A long upload leaves many
 * small ranges; what is asked of them is whether they cover a chunk.
 */
export function joinRanges(ranges: readonly ByteRange[]): readonly ByteRange[] {
  const joined: { offset: number; count: number }[] = [];
  for (const { offset, count } of ranges.toSorted((a, b) => a.offset - b.offset)) {
    const last = joined.at(-1);
    if (last === undefined || offset > last.offset + last.count) joined.push({ offset, count });
    else last.count = Math.max(last.count, offset + count - last.offset);
  }
  return joined;
}

/** Whether one of the joined ranges covers the whole range; by halving. */
export function isCovered(joined: readonly ByteRange[], { offset, count }: ByteRange): boolean {
  let low = 0;
  let high = joined.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = joined[middle];
    if (range === undefined) return false;
    if (range.offset > offset) high = middle - 1;
    else if (range.offset + range.count <= offset) low = middle + 1;
    else return offset + count <= range.offset + range.count;
  }
  return false;
}
