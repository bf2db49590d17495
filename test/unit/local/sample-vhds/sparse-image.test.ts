import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  createSparseImage,
  GIB,
  readImage,
  writeSparseFile,
} from "../../../../local/sample-vhds/index.ts";

const IMAGE = createSparseImage(20, [
  { offset: 12, bytes: Uint8Array.of(7, 8) },
  { offset: 2, bytes: Uint8Array.of(1, 2, 3) },
]);

test("reads extents and the holes between them", () => {
  expect([...readImage(IMAGE, 0, 20)]).toEqual([
    0, 0, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 7, 8, 0, 0, 0, 0, 0, 0,
  ]);
  expect([...readImage(IMAGE, 4, 9)]).toEqual([3, 0, 0, 0, 0, 0, 0, 0, 7]);
});

test("refuses extents that overlap or leave the image", () => {
  const extent = (offset: number) => ({ offset, bytes: Uint8Array.of(1, 2) });
  expect(() => createSparseImage(8, [extent(1), extent(2)])).toThrow(
    "extent at byte 2 overlaps one that ends at 3",
  );
  expect(() => createSparseImage(8, [extent(7)])).toThrow("extents end at byte 9, the image at 8");
});

test("a file of gigabytes takes kilobytes of disk", async () => {
  const dir = await mkdtemp(join(tmpdir(), "sparse-test-"));
  try {
    const small = join(dir, "small");
    await writeSparseFile(small, IMAGE);
    expect(new Uint8Array(await readFile(small))).toEqual(readImage(IMAGE, 0, 20));

    const large = join(dir, "large");
    await writeSparseFile(large, createSparseImage(64 * GIB, IMAGE.extents));
    const { size, blocks } = await stat(large);
    expect(size).toBe(64 * GIB);
    expect(blocks * 512).toBeLessThan(64 * 1024);
  } finally {
    await rm(dir, { recursive: true });
  }
});
