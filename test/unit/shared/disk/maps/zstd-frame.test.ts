import { constants, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { measureZstdFrame } from "../../../../../shared/disk/maps/zstd-frame.ts";

/** Parts of a frame by hand (RFC 8878, section 3.1.1). */
const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
const RAW_LAST = (content: readonly number[]): number[] => [
  (content.length << 3) | 1,
  0,
  0,
  ...content,
];
const frame = (...parts: readonly (readonly number[])[]): Uint8Array =>
  new Uint8Array([...MAGIC, ...parts.flat()]);
const zeros = (count: number): number[] => new Array<number>(count).fill(0);

describe("measureZstdFrame", () => {
  const content = Buffer.from("a block of a disk ".repeat(200));

  it.each([
    ["plain", {}],
    ["with a checksum", { params: { [constants.ZSTD_c_checksumFlag]: 1 } }],
    ["without its size", { params: { [constants.ZSTD_c_contentSizeFlag]: 0 } }],
  ])("measures what the library writes, whatever follows: %s", (_, options) => {
    const packed = zstdCompressSync(content, options);
    const followed = Buffer.concat([packed, Buffer.alloc(1_000, 0xff)]);

    expect(measureZstdFrame(packed)).toBe(packed.length);
    expect(measureZstdFrame(followed)).toBe(packed.length);
    for (let length = 0; length < packed.length; length += 7) {
      expect(measureZstdFrame(packed.subarray(0, length))).toBeNull();
    }
    expect(measureZstdFrame(packed.subarray(0, -1))).toBeNull();
  });

  it.each([
    ["a window and no size", 0x00, 1],
    ["one segment with a size of one byte", 0x20, 1],
    ["a size of two bytes", 0x40, 3],
    ["a size of four bytes", 0x80, 5],
    ["a size of eight bytes", 0xc0, 9],
    ["a dictionary of one byte", 0x01, 2],
    ["a dictionary of two bytes", 0x02, 3],
    ["a dictionary of four bytes", 0x03, 5],
  ])("knows the length of every header: %s", (_, descriptor, more) => {
    const whole = frame([descriptor], zeros(more), RAW_LAST([1, 2, 3]));

    expect(measureZstdFrame(whole)).toBe(whole.length);
    expect(measureZstdFrame(whole.subarray(0, -1))).toBeNull();
  });

  it("takes one byte for a block that repeats it, and the checksum behind the last block", () => {
    const repeated = [((1_000 << 3) & 0xff) | 0b010, (1_000 << 3) >> 8, 0, 7];
    const whole = frame([0x04], [0], repeated, RAW_LAST([1]), [9, 9, 9, 9]);

    expect(measureZstdFrame(whole)).toBe(whole.length);
    expect(measureZstdFrame(whole.subarray(0, -2))).toBeNull();
  });

  it.each([
    ["nothing", new Uint8Array()],
    ["another format", new Uint8Array(20)],
    ["a block of the reserved type", frame([0], [0], [0b111, 0, 0, 0])],
    ["a header without blocks", frame([0], [0])],
  ])("is null for %s", (_, bytes) => {
    expect(measureZstdFrame(bytes)).toBeNull();
  });
});
