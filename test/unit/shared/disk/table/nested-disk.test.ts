import { describe, expect, it } from "vitest";
import { viewVolume } from "../../../../../shared/disk/content/volume-view.ts";
import { isElTorito } from "../../../../../shared/disk/table/el-torito.ts";
import { mayHoldDisk } from "../../../../../shared/disk/table/nested-disk.ts";

const SIZE = 4 * 1024 * 1024;
const partition = {
  type: { name: "x" },
  start: 512,
  size: SIZE,
  isActive: false,
  isIgnored: false,
  name: null,
};

function descriptorOf(type: number): Uint8Array {
  return Uint8Array.from([type, ...Buffer.from("CD001"), 1]);
}

describe("a partition in which nothing was recognized", () => {
  it("may hold a CD where the place of its boot record was not read", () => {
    const view = viewVolume(SIZE, [{ offset: 0, bytes: new Uint8Array(4608) }]);

    expect(mayHoldDisk(partition, view)).toBe(true);
    expect(mayHoldDisk({ ...partition, type: { name: "x", opaque: true } }, view)).toBe(false);
    expect(mayHoldDisk({ ...partition, size: 8192 }, view)).toBe(false);
  });

  it("holds none where that place was read, and is blank", () => {
    const view = viewVolume(SIZE, [{ offset: 0, bytes: new Uint8Array(0x9200) }]);

    expect(mayHoldDisk(partition, view)).toBe(false);
  });
});

describe("the second volume descriptor of ISO 9660", () => {
  it.each([
    ["a boot record", 0, true],
    ["a supplementary one, after which a boot record may follow", 2, true],
    ["the last one", 255, false],
  ])("of %s", (_, type, expected) => {
    expect(isElTorito(descriptorOf(type))).toBe(expected);
  });
});
