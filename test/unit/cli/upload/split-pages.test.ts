import { describe, expect, it } from "vitest";
import { splitPages } from "../../../../cli/upload/split-pages.ts";

const KIB = 1024;

function split(length: number, content: readonly (readonly [offset: number, count: number])[]) {
  const bytes = Buffer.alloc(length);
  for (const [offset, count] of content) bytes.fill(7, offset, offset + count);
  const pieces = splitPages({ offset: 8 * KIB, bytes, isZero: content.length === 0 });
  expect(Buffer.concat(pieces.map((piece) => piece.bytes)).equals(bytes)).toBe(true);
  return pieces.map(({ offset, bytes: part, isZero }) => [offset - 8 * KIB, part.length, isZero]);
}

describe("the pieces of a chunk", () => {
  it("are its content, in whole blocks, and the zeros around it", () => {
    expect(split(64 * KIB, [[9 * KIB, 1]])).toEqual([
      [0, 8 * KIB, true],
      [8 * KIB, 4 * KIB, false],
      [12 * KIB, 52 * KIB, true],
    ]);
  });

  it("take zeros of up to 256 KiB between two stretches of content for content", () => {
    const gap = 256 * KIB;
    const marks = (between: number) => [
      [0, 4 * KIB] as const,
      [4 * KIB + between, 4 * KIB] as const,
    ];
    expect(split(1024 * KIB, marks(gap))[0]).toEqual([0, gap + 8 * KIB, false]);
    expect(split(1024 * KIB, marks(gap + 4 * KIB))).toEqual([
      [0, 4 * KIB, false],
      [4 * KIB, gap + 4 * KIB, true],
      [gap + 8 * KIB, 4 * KIB, false],
      [gap + 12 * KIB, 1024 * KIB - gap - 12 * KIB, true],
    ]);
  });

  it("end with a last block that is shorter, such as a footer", () => {
    expect(split(4 * KIB + 512, [[4 * KIB, 512]])).toEqual([
      [0, 4 * KIB, true],
      [4 * KIB, 512, false],
    ]);
  });

  it("are the chunk itself, where it is all content or all zeros", () => {
    expect(split(16 * KIB, [])).toEqual([[0, 16 * KIB, true]]);
    expect(split(16 * KIB, [[0, 16 * KIB]])).toEqual([[0, 16 * KIB, false]]);
  });
});
