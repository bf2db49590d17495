import { deflateRawSync, deflateSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { measureZstdFrame } from "../../../shared/disk/maps/zstd-frame.ts";
import { UnpackError, unpackBlock } from "../../../shared/unpack.ts";

const CONTENT = Buffer.from("0123456789abcdef".repeat(4096));
const TAIL = Buffer.alloc(300, 0x28);

function grain(sector: number, packed: Uint8Array, size = packed.length): Buffer {
  const header = Buffer.alloc(12);
  header.writeBigUInt64LE(BigInt(sector));
  header.writeUInt32LE(size, 8);
  return Buffer.concat([header, packed]);
}

const BLOCKS = {
  deflate: deflateRawSync(CONTENT),
  zstd: zstdCompressSync(CONTENT),
  "vmdk-grain": grain(8, deflateSync(CONTENT)),
} as const;

describe.each(["deflate", "zstd", "vmdk-grain"] as const)("a block packed by %s", (codec) => {
  const block = { codec, guestOffset: 4096, unpackedLength: CONTENT.length };

  it("is unpacked, whatever follows it", () => {
    const bytes = Buffer.concat([BLOCKS[codec], BLOCKS[codec], TAIL]);
    expect(Buffer.from(unpackBlock({ ...block, bytes })).equals(CONTENT)).toBe(true);
  });

  it("never gives more than a block", () => {
    const tooMuch = { ...block, bytes: BLOCKS[codec], unpackedLength: 1000 };
    expect(() => unpackBlock(tooMuch)).toThrow(UnpackError);
  });

  it("is refused when it is damaged", () => {
    const bytes = Buffer.from(BLOCKS[codec]);
    bytes.fill(0xff, 13);
    expect(() => unpackBlock({ ...block, bytes })).toThrow(/at byte 4096 of the disk is damaged/);
  });
});

describe("a grain of a VMDK", () => {
  const block = { codec: "vmdk-grain", guestOffset: 4096, unpackedLength: CONTENT.length } as const;
  it.each([
    ["that is another's", grain(9, deflateSync(CONTENT)), "that of sector 9"],
    ["that says it is longer", grain(8, deflateSync(CONTENT), 1e6), "cut short"],
    ["without a header", Buffer.alloc(5), "cut short"],
  ])("%s is refused", (_, bytes, message) => {
    expect(() => unpackBlock({ ...block, bytes })).toThrow(message);
  });
});

describe("the length of a Zstandard frame", () => {
  it.each([0, 1, 200, 100_000])("is found for %d bytes of content", (count) => {
    const frame = zstdCompressSync(Buffer.alloc(count, 7));
    expect(measureZstdFrame(Buffer.concat([frame, TAIL]))).toBe(frame.length);
  });

  it("is found for several blocks that do not compress", () => {
    let seed = 1;
    const noise = Buffer.from(
      Array.from({ length: 300_000 }, () => {
        seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
        return seed >>> 16;
      }),
    );
    const frame = zstdCompressSync(noise);
    expect(measureZstdFrame(Buffer.concat([frame, TAIL]))).toBe(frame.length);
  });

  it("is unknown for a frame that is cut, and for something else", () => {
    const frame = zstdCompressSync(CONTENT);
    for (let length = 0; length < frame.length; length += 7) {
      expect(measureZstdFrame(frame.subarray(0, length))).toBeNull();
    }
    expect(measureZstdFrame(TAIL)).toBeNull();
    expect(measureZstdFrame(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 0, 7, 0, 0, 0]))).toBeNull();
  });
});
