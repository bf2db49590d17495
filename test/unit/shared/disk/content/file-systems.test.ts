import { expect, it } from "vitest";
import { readFileSystem } from "../../../../../shared/disk/content/file-systems.ts";
import { placeMdAtEnd } from "../../../../../shared/disk/content/member-rules.ts";
import { viewVolume } from "../../../../../shared/disk/content/volume-view.ts";

const BYTES = 4 * 1024 * 1024;
const [, MD_OFFSET] = placeMdAtEnd(BYTES);

/** A member of RAID 1.0, its superblock at its end, that begins with NTFS of this many bytes. */
function memberWith(ntfsBytes: number) {
  const head = Buffer.alloc(0x1200);
  head.write("NTFS    ", 3, "latin1");
  head.writeUInt16LE(512, 11);
  head.writeUInt8(8, 13);
  head.writeBigUInt64LE(BigInt(ntfsBytes / 512), 40);
  const superblock = Buffer.alloc(512);
  superblock.set([0xfc, 0x4e, 0x2b, 0xa9, 1]);
  superblock.writeUInt32LE(MD_OFFSET / 512, 144);
  return viewVolume(BYTES, [
    { offset: 0, bytes: head },
    { offset: MD_OFFSET, bytes: superblock },
  ]);
}

it("is sure of a RAID with a file system that ends before its superblock", () => {
  expect(readFileSystem(memberWith(MD_OFFSET))).toMatchObject({ name: "MD RAID", isSure: true });
});

it("is not sure of a RAID whose superblock a file system of another system reaches over", () => {
  expect(readFileSystem(memberWith(BYTES - 512))).toMatchObject({ isSure: false });
});

it.each([
  ["ends before its superblock", 0x1_0000, "MD RAID"],
  ["would reach over its superblock, as blkid judges too", BYTES, undefined],
])("takes the mark of RAID 0.90 for one where the array %s", (_, arrayBytes, expected) => {
  const [offset] = placeMdAtEnd(BYTES);
  const superblock = Buffer.alloc(512);
  superblock.set([0xfc, 0x4e, 0x2b, 0xa9]);
  superblock.writeUInt32LE(arrayBytes / 1024, 32);

  expect(readFileSystem(viewVolume(BYTES, [{ offset, bytes: superblock }]))?.name).toBe(expected);
});
