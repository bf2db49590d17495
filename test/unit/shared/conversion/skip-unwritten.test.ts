import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { skipUnwritten } from "../../../../shared/conversion/skip-unwritten.ts";
import type { DiskReader, WrittenRange } from "../../../../shared/disk/disk-reader.ts";
import type { DiskMap, Extent } from "../../../../shared/disk/maps/extent.ts";

const KIB = 1024;
const GIB = 1024 ** 3;
const NOTHING = {
  copyBytes: 0,
  copyExtents: 0,
  unpackedBytes: 0,
  compressedExtents: 0,
  packedBytes: 0,
  zeroBytes: 0,
};

/** A raw disk of so many bytes. */
function rawMap(bytes: number): DiskMap {
  return {
    format: "raw",
    virtualBytes: bytes,
    paddedBytes: bytes,
    async *extents(from = 0) {
      if (from === bytes) return;
      yield { kind: "copy", guestOffset: from, fileOffset: from, length: bytes - from };
    },
    survey: async () => ({ ...NOTHING, copyBytes: bytes, copyExtents: 1 }),
  };
}

/** A store with these ranges, which counts how often it lists them. */
function storeOf(length: number, ranges: readonly WrittenRange[]) {
  const lists: number[] = [];
  const reader: DiskReader = {
    length,
    read: () => Promise.reject(new Error("nothing is read")),
    async listWritten(offset, limit) {
      lists.push(offset);
      const rest = ranges
        .filter((range) => range.offset + range.count > offset)
        .map((range) => {
          const from = Math.max(offset, range.offset);
          return { offset: from, count: range.offset + range.count - from };
        });
      return { ranges: rest.slice(0, limit), hasMore: rest.length > limit };
    },
  };
  return { reader, lists };
}

async function collect(map: DiskMap, from = 0): Promise<readonly Extent[]> {
  const extents: Extent[] = [];
  for await (const extent of map.extents(from)) extents.push(extent);
  return extents;
}

/** Start and end of what is copied, neighbours joined. */
function copiesOf(extents: readonly Extent[]): number[][] {
  const copies: number[][] = [];
  for (const { kind, guestOffset, length } of extents) {
    if (kind !== "copy") continue;
    const last = copies.at(-1);
    if (last?.[1] === guestOffset) last[1] = guestOffset + length;
    else copies.push([guestOffset, guestOffset + length]);
  }
  return copies;
}

/** Ranges of whole pages, ascending, with gaps between them. */
function everySoOften(count: number, distance: number, from = 0): readonly WrittenRange[] {
  return Array.from({ length: count }, (_, at) => ({ offset: from + at * distance, count: 512 }));
}

describe("what was never written of a raw disk", () => {
  it("is zero in its map, and in the sum of what there is to copy", async () => {
    const { reader, lists } = storeOf(10 * GIB, [
      { offset: 0, count: 4096 },
      { offset: 5 * GIB, count: 1024 },
    ]);
    const map = skipUnwritten(rawMap(10 * GIB), reader);
    expect(await collect(map)).toEqual([
      { kind: "copy", guestOffset: 0, fileOffset: 0, length: 4096 },
      { kind: "zero", guestOffset: 4096, length: 5 * GIB - 4096 },
      { kind: "copy", guestOffset: 5 * GIB, fileOffset: 5 * GIB, length: 1024 },
      { kind: "zero", guestOffset: 5 * GIB + 1024, length: 5 * GIB - 1024 },
    ]);
    expect(await map.survey()).toMatchObject({
      copyBytes: 5120,
      copyExtents: 2,
      zeroBytes: 10 * GIB - 5120,
    });
    expect(lists).toEqual([0]);
  });

  it("is all of an empty one", async () => {
    const { reader } = storeOf(GIB, []);
    const map = skipUnwritten(rawMap(GIB), reader);
    expect(await collect(map)).toEqual([{ kind: "zero", guestOffset: 0, length: GIB }]);
    expect(await map.survey()).toMatchObject({ copyBytes: 0 });
  });

  it("is copied in gaps under 64 KiB, which are cheaper to copy than to leave out", async () => {
    const { reader } = storeOf(GIB, [
      { offset: 0, count: 512 },
      { offset: 64 * KIB, count: 512 },
      { offset: 128 * KIB + 512, count: 512 },
    ]);
    const copies = copiesOf(await collect(skipUnwritten(rawMap(GIB), reader)));
    expect(copies).toEqual([
      [0, 64 * KIB + 512],
      [128 * KIB + 512, 129 * KIB],
    ]);
  });

  it("is copied where a window has more ranges than one request lists", async () => {
    const ranges = everySoOften(6000, 100 * KIB, 4 * GIB);
    const { reader, lists } = storeOf(12 * GIB, [...ranges, { offset: 9 * GIB, count: 512 }]);
    const copies = copiesOf(await collect(skipUnwritten(rawMap(12 * GIB), reader)));
    expect(copies).toEqual([
      [4 * GIB, 8 * GIB],
      [9 * GIB, 9 * GIB + 512],
    ]);
    expect(lists.length).toBeLessThanOrEqual(3);
  });

  it("costs a bounded number of requests, however large and scattered the file", async () => {
    const bytes = 8192 * GIB;
    const listed: number[] = [];
    const reader: DiskReader = {
      length: bytes,
      read: () => Promise.reject(new Error("nothing is read")),
      async listWritten(offset, limit) {
        listed.push(offset);
        return { ranges: everySoOften(limit, 100 * KIB, offset), hasMore: true };
      },
    };
    const copies = copiesOf(await collect(skipUnwritten(rawMap(bytes), reader)));
    expect(copies).toEqual([[0, bytes]]);
    expect(listed.length).toBeLessThanOrEqual(512);
  });

  it("is unknown where the store cannot tell: everything is copied", async () => {
    const map = rawMap(GIB);
    const { listWritten: _, ...reader } = storeOf(GIB, []).reader;
    expect(skipUnwritten(map, reader)).toBe(map);
    const unknown = skipUnwritten(map, { ...reader, listWritten: async () => null });
    expect(copiesOf(await collect(unknown))).toEqual([[0, GIB]]);
  });

  it("passes on the store's error, and asks again the next time", async () => {
    const { reader } = storeOf(GIB, [{ offset: 0, count: 512 }]);
    let isBroken = true;
    const map = skipUnwritten(rawMap(GIB), {
      ...reader,
      listWritten: async (offset, limit) => {
        if (isBroken) throw new Error("busy");
        return reader.listWritten?.(offset, limit) ?? null;
      },
    });
    await expect(collect(map)).rejects.toThrow("busy");
    isBroken = false;
    expect(copiesOf(await collect(map))).toEqual([[0, 512]]);
  });

  it("does not depend on where a slice begins, and leaves nothing out that was written", async () => {
    const bytes = 12 * GIB;
    const pages = fc.integer({ min: 0, max: bytes / 512 - 40 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ page: pages, count: fc.integer({ min: 1, max: 40 }) }), {
          maxLength: 30,
        }),
        fc.boolean(),
        pages,
        async (places, isDense, start) => {
          const scattered = places.map(({ page, count }) => ({
            offset: page * 512,
            count: count * 512,
          }));
          const dense = isDense ? everySoOften(5200, 100 * KIB, 4 * GIB + 512) : [];
          const ranges = joinRanges([...scattered, ...dense]);
          const { reader } = storeOf(bytes, ranges);
          const map = skipUnwritten(rawMap(bytes), reader);
          const whole = copiesOf(await collect(map));
          for (const { offset, count } of ranges) {
            expect(whole.some(([from = 0, to = 0]) => from <= offset && offset + count <= to)).toBe(
              true,
            );
          }
          const from = start * 512;
          const expected = whole
            .map(([a = 0, b = 0]) => [Math.max(a, from), b])
            .filter(([a = 0, b = 0]) => a < b);
          expect(copiesOf(await collect(skipUnwritten(rawMap(bytes), reader), from))).toEqual(
            expected,
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});

function joinRanges(ranges: readonly WrittenRange[]): readonly WrittenRange[] {
  const joined: { offset: number; count: number }[] = [];
  for (const range of ranges.toSorted((left, right) => left.offset - right.offset)) {
    const last = joined.at(-1);
    if (last !== undefined && range.offset <= last.offset + last.count) {
      last.count = Math.max(last.count, range.offset + range.count - last.offset);
    } else joined.push({ ...range });
  }
  return joined;
}
