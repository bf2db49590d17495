import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FileRanges } from "../../../../../shared/disk/maps/file-ranges.ts";

const SPACE = 400;
const ranges = fc.array(
  fc.tuple(fc.nat(SPACE), fc.integer({ min: 1, max: 20 })).map(([start, length]) => ({
    start,
    end: start + length,
  })),
  { maxLength: 60 },
);

describe("ranges of a file that are taken", () => {
  it("conflict exactly where a byte is taken twice, with any bound of memory, over all passes", () => {
    fc.assert(
      fc.property(ranges, fc.integer({ min: 2, max: 50 }), (given, maxIntervals) => {
        expect(findConflict(given, maxIntervals)).toBe(hasSharedByte(given));
      }),
      { seed: 15, numRuns: 1_000 },
    );
  });

  it("need one interval for a file that was written in order", () => {
    const taken = new FileRanges(0, 1);
    for (let at = 0; at < 100_000; at++) taken.take(at * 512, (at + 1) * 512);
    expect(taken.end).toBe(Number.POSITIVE_INFINITY);
  });

  it("keep their bound when every second block of a large file is taken, in any order", () => {
    const taken = new FileRanges(0, 5_000);
    for (let at = 0; at < 100_000; at++) {
      const block = (at * 7_919) % 100_000;
      expect(taken.take(2 * block, 2 * block + 1)).toBeNull();
    }
    expect(taken.end).toBeLessThan(Number.POSITIVE_INFINITY);
    expect(taken.end).toBeGreaterThan(5_000);
  });

  it("find the one block that is taken twice, wherever it is, over all passes", () => {
    const blocks = Array.from({ length: 20_000 }, (_, at) => 2 * ((at * 7_919) % 20_000));
    for (const twice of [0, 9_998, 10_240, 20_002, 39_998]) {
      const given = [...blocks, twice].map((start) => ({ start, end: start + 1 }));
      expect(findConflict(given, 3_000)).toBe(true);
    }
    expect(
      findConflict(
        blocks.map((start) => ({ start, end: start + 1 })),
        3_000,
      ),
    ).toBe(false);
    // Every block in turn, around the places at which the upper half is dropped.
    const some = blocks.slice(0, 1_300);
    const missed = some.filter((twice) => {
      const given = [...some, twice].map((start) => ({ start, end: start + 1 }));
      return !findConflict(given, 1_100);
    });
    expect(missed).toEqual([]);
  });

  it("say where the first shared byte is", () => {
    const taken = new FileRanges();
    taken.take(100, 200);
    expect(taken.take(50, 150)).toEqual({ offset: 100 });
    expect(taken.take(199, 250)).toEqual({ offset: 199 });
    expect(taken.take(200, 250)).toBeNull();
  });
});

/** Whether passes over windows of the file, as the survey makes them, find a conflict. */
function findConflict(
  given: readonly { readonly start: number; readonly end: number }[],
  maxIntervals: number,
): boolean {
  for (let start = 0; start !== Number.POSITIVE_INFINITY; ) {
    const taken = new FileRanges(start, maxIntervals);
    if (given.some(({ start: from, end }) => taken.take(from, end) !== null)) return true;
    expect(taken.end).toBeGreaterThan(start);
    start = taken.end;
  }
  return false;
}

function hasSharedByte(
  given: readonly { readonly start: number; readonly end: number }[],
): boolean {
  const seen = new Set<number>();
  for (const { start, end } of given) {
    for (let at = start; at < end; at++) {
      if (seen.has(at)) return true;
      seen.add(at);
    }
  }
  return false;
}
