import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ByteRange, isCovered, joinRanges } from "../../../../cli/upload/byte-ranges.ts";

const LENGTH = 64;
const ranges = fc.array(
  fc.record({ offset: fc.nat(LENGTH - 1), count: fc.integer({ min: 1, max: 16 }) }),
  { maxLength: 12 },
);

function positions(list: readonly ByteRange[]): Set<number> {
  return new Set(
    list.flatMap(({ offset, count }) => Array.from({ length: count }, (_, i) => offset + i)),
  );
}

describe("joined ranges", () => {
  it("hold the same bytes, in order and apart from each other", () => {
    fc.assert(
      fc.property(ranges, (list) => {
        const joined = joinRanges(list);
        expect(positions(joined)).toEqual(positions(list));
        joined.slice(1).forEach((range, index) => {
          const before = joined[index] as ByteRange;
          expect(range.offset).toBeGreaterThan(before.offset + before.count);
        });
      }),
    );
  });

  it("cover a range when they hold every byte of it", () => {
    fc.assert(
      fc.property(
        ranges,
        fc.nat(LENGTH),
        fc.integer({ min: 1, max: 20 }),
        (list, offset, count) => {
          const held = positions(list);
          const all = Array.from({ length: count }, (_, i) => held.has(offset + i)).every(Boolean);
          expect(isCovered(joinRanges(list), { offset, count })).toBe(all);
        },
      ),
    );
  });
});
