import { describe, expect, it } from "vitest";
import { isBlank } from "../../../../shared/disk/bytes.ts";

const PIECE = 64 * 1024;

describe("isBlank", () => {
  it.each([0, 1, 511, 512, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])(
    "%i zeros are blank",
    (size) => {
      expect(isBlank(new Uint8Array(size))).toBe(true);
    },
  );

  it.each([0, 1, 511, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE - 1])(
    "one byte at %i is enough not to be",
    (offset) => {
      const bytes = new Uint8Array(3 * PIECE);
      bytes[offset] = 1;
      expect(isBlank(bytes)).toBe(false);
    },
  );

  it("is about the bytes of a view, not about those beside it", () => {
    const bytes = new Uint8Array(3 * PIECE).fill(255).fill(0, 100, 100 + PIECE + 7);
    expect(isBlank(bytes.subarray(100, 100 + PIECE + 7))).toBe(true);
    expect(isBlank(bytes.subarray(100, 100 + PIECE + 8))).toBe(false);
    expect(isBlank(bytes.subarray(99, 100 + PIECE))).toBe(false);
  });
});
