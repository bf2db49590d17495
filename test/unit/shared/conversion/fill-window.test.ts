import { describe, expect, it } from "vitest";
import { fillWindow } from "../../../../shared/conversion/fill-window.ts";
import { DiskReadError } from "../../../../shared/disk/disk-reader.ts";
import type { CopyExtent } from "../../../../shared/disk/maps/extent.ts";

const KIB = 1024;

/** A file of zeros with a byte here and there, and the reads of it. */
function fileOf(length: number, ...bytes: readonly number[]) {
  const file = new Uint8Array(length);
  for (const at of bytes) file[at] = 7;
  const reads: number[][] = [];
  const read = async (offset: number, count: number): Promise<Uint8Array> => {
    reads.push([offset, count]);
    return file.subarray(offset, offset + count);
  };
  return { reader: { length, read }, reads };
}

const copy = (guestOffset: number, fileOffset: number, length: number): CopyExtent => ({
  kind: "copy",
  guestOffset,
  fileOffset,
  length,
});

const window = (...extents: readonly CopyExtent[]) => {
  const [first] = extents;
  const last = extents.at(-1);
  const to = (last?.guestOffset ?? 0) + (last?.length ?? 0);
  return { kind: "window" as const, from: first?.guestOffset ?? 0, to, extents };
};

const placesOf = (pages: readonly { offset: number; bytes: Uint8Array }[]) =>
  pages.map(({ offset, bytes }) => [offset, bytes.length]);

describe("what a window writes", () => {
  it("leaves out zeros at its ends and from 64 KiB on between", async () => {
    const { reader } = fileOf(512 * KIB, 4096, 4096 + 32 * KIB, 200 * KIB);
    const pages = await fillWindow(window(copy(0, 0, 512 * KIB)), reader);
    expect(placesOf(pages)).toEqual([
      [4096, 32 * KIB + 512],
      [200 * KIB, 512],
    ]);
  });

  it("is nothing where all is zero", async () => {
    const { reader } = fileOf(64 * KIB);
    expect(await fillWindow(window(copy(0, 0, 64 * KIB)), reader)).toEqual([]);
  });

  it("is filled up to whole pages, from bytes that need not begin with one", async () => {
    const { reader } = fileOf(2000, 1000, 1500);
    const pages = await fillWindow(window(copy(1024, 1000, 501)), reader);
    expect(placesOf(pages)).toEqual([[1024, 512]]);
    expect([pages[0]?.bytes[0], pages[0]?.bytes[500], pages[0]?.bytes[501]]).toEqual([7, 7, 0]);
  });

  it("reads what is near together at once, and the rest by itself", async () => {
    const { reader, reads } = fileOf(1024 * KIB, 0, 20 * KIB, 600 * KIB);
    await fillWindow(
      window(copy(0, 600 * KIB, 512), copy(4096, 0, 512), copy(8192, 20 * KIB, 512)),
      reader,
    );
    expect(reads).toEqual([
      [0, 20 * KIB + 512],
      [600 * KIB, 512],
    ]);
  });

  it("is refused when the source ends too early", async () => {
    const { reader } = fileOf(512, 0);
    await expect(fillWindow(window(copy(0, 0, 1024)), reader)).rejects.toThrow(DiskReadError);
  });
});
