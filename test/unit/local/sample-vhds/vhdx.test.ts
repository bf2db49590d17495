import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import {
  buildSampleVhd,
  buildSampleVhdx,
  createSparseImage,
  GIB,
  MIB,
  readImage,
  type SampleOptions,
  type SparseImage,
} from "../../../../local/sample-vhds/index.ts";
import { buildVhdx } from "../../../../local/sample-vhds/vhdx.ts";
import { openDiskMap } from "../../../../shared/disk/maps/open-disk-map.ts";
import { OPTIONS } from "./sample-options.ts";

async function openMap(file: SparseImage) {
  const read = async (offset: number, count: number) => readImage(file, offset, count);
  const opened = await openDiskMap({ length: file.sizeBytes, read });
  if (opened.kind === "refused") throw new Error(opened.refusal.message);
  return opened.map;
}

/** Every stretch of the file's disk that is not zero, as an image of its own. */
async function unpack(file: SparseImage): Promise<SparseImage> {
  const map = await openMap(file);
  const extents = [];
  for await (const extent of map.extents()) {
    if (extent.kind === "zero") continue;
    const bytes = readImage(file, extent.fileOffset, extent.length);
    extents.push({ offset: extent.guestOffset, bytes });
  }
  return createSparseImage(map.virtualBytes, extents);
}

test("the disk in the VHDX is that of the fixed VHD, byte by byte", async () => {
  const options = { ...OPTIONS, virtualSizeBytes: 12 * GIB, payloadBytes: 3 * MIB };
  const file = buildSampleVhdx(options);
  const vhd = buildSampleVhd("linux-gen2", options);
  const disk = await unpack(file);
  expect(disk.sizeBytes).toBe(12 * GIB);
  const onDisk = vhd.extents.filter(({ offset }) => offset < disk.sizeBytes);
  expect(onDisk.length).toBeGreaterThan(5);
  for (const { offset, bytes } of onDisk) {
    expect(Buffer.compare(readImage(disk, offset, bytes.length), bytes), `byte ${offset}`).toBe(0);
  }
  for (const { offset, bytes } of disk.extents) {
    expect(Buffer.compare(readImage(vhd, offset, bytes.length), bytes), `byte ${offset}`).toBe(0);
  }
  expect(file.sizeBytes).toBeLessThan(32 * MIB);
});

test("a disk that ends inside a block, with something in its last sector", async () => {
  const sizeBytes = 5 * GIB + 512;
  const last = { offset: sizeBytes - 512, bytes: new Uint8Array(512).fill(7) };
  const file = buildVhdx(createSparseImage(sizeBytes, [last]), OPTIONS);
  const disk = await unpack(file);
  expect(disk.sizeBytes).toBe(sizeBytes);
  expect(readImage(disk, last.offset, 512)).toEqual(last.bytes);
  const survey = await (await openMap(file)).survey();
  expect(survey).toMatchObject({ compressedExtents: 0, copyBytes: 512 });
});

test("same options, same bytes; another uuid, other bytes", () => {
  const hash = (options: SampleOptions) => {
    const file = buildSampleVhdx(options);
    return createHash("sha256")
      .update(readImage(file, 0, file.sizeBytes))
      .digest("hex");
  };
  const once = hash(OPTIONS);
  expect(hash(OPTIONS)).toBe(once);
  expect(hash({ ...OPTIONS, uuid: "ffffffff-89ab-4cde-8f01-23456789abcd" })).not.toBe(once);
});
