import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { ByteRange } from "../../../../cli/upload/byte-ranges.ts";
import { countSkipped, readChunks } from "../../../../cli/upload/read-chunks.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
const CHUNK_BYTES = 4 * MIB;

/** Reads a disk that is filled where it has data, and checks that nothing of it is missed. */
async function read(sizeBytes: number, data?: readonly ByteRange[]) {
  const disk = Buffer.alloc(sizeBytes);
  for (const { offset, count } of data ?? []) disk.fill(7, offset, offset + count);
  const content = {
    reader: {
      read: async (offset: number, count: number) => disk.subarray(offset, offset + count),
    },
    sizeBytes,
    shown: "the disk",
    ...(data && { data }),
  };
  const chunks = readChunks(content, CHUNK_BYTES);
  const arrived = Buffer.alloc(sizeBytes);
  const ranges: (readonly [offset: number, count: number])[] = [];
  for (let chunk = await chunks.next(); chunk !== null; chunk = await chunks.next()) {
    chunk.bytes.copy(arrived, chunk.offset);
    ranges.push([chunk.offset, chunk.bytes.length]);
  }
  expect(arrived.equals(disk)).toBe(true);
  const readBytes = ranges.reduce((sum, [, count]) => sum + count, 0);
  expect(chunks.skippedBytes).toBe(sizeBytes - readBytes);
  expect(countSkipped(content, CHUNK_BYTES)).toBe(chunks.skippedBytes);
  return { ranges, md5: chunks.digest(), expected: createHash("md5").update(disk).digest() };
}

describe("the chunks of a disk", () => {
  it("are all of it where nothing is known about its zeros, with the checksum of the whole", async () => {
    const { ranges, md5, expected } = await read(9 * MIB + 512);
    expect(ranges).toEqual([
      [0, 4 * MIB],
      [4 * MIB, 4 * MIB],
      [8 * MIB, MIB + 512],
    ]);
    expect(md5).toEqual(expected);
  });

  it("are whole blocks around its data, without a checksum of the whole", async () => {
    const { ranges, md5 } = await read(16 * MIB, [
      { offset: 5000, count: 10 },
      { offset: 6 * MIB + 1, count: 4096 },
    ]);
    expect(ranges).toEqual([
      [4 * KIB, 4 * KIB],
      [6 * MIB, 8 * KIB],
    ]);
    expect(md5).toBeNull();
  });

  it("end with the disk, which may end within a block", async () => {
    const { ranges } = await read(8 * MIB + 512, [{ offset: 8 * MIB, count: 512 }]);
    expect(ranges).toEqual([[8 * MIB, 512]]);
  });

  it("reach over zeros of up to 256 KiB between two ranges of data", async () => {
    const mark = (offset: number) => ({ offset, count: 4 * KIB });
    expect((await read(MIB, [mark(0), mark(260 * KIB)])).ranges).toEqual([[0, 264 * KIB]]);
    expect((await read(MIB, [mark(0), mark(264 * KIB)])).ranges).toHaveLength(2);
  });

  it("are cut at the same places, whatever the data is", async () => {
    const { ranges } = await read(16 * MIB, [
      { offset: 3 * MIB, count: 6 * MIB },
      { offset: 4 * MIB + 1, count: 2 },
    ]);
    expect(ranges).toEqual([
      [3 * MIB, MIB],
      [4 * MIB, 4 * MIB],
      [8 * MIB, MIB],
    ]);
  });

  it("are joined where two ranges of data have a block in common, in any order", async () => {
    const { ranges } = await read(MIB, [
      { offset: 9000, count: 10 },
      { offset: 8200, count: 10 },
    ]);
    expect(ranges).toEqual([[8 * KIB, 4 * KIB]]);
  });
});
