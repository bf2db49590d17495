import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPositionFinder, positionAt } from "../../../../shared/manifest/position.ts";

describe("positionAt", () => {
  it.each([
    ["", 0, { line: 1, column: 1 }],
    ["ab", 2, { line: 1, column: 3 }],
    ["a\nb", 2, { line: 2, column: 1 }],
    ["a\r\nb", 3, { line: 2, column: 1 }],
    ["a\rb\r\r", 4, { line: 3, column: 1 }],
  ])("in %j at %i is %j", (text, offset, position) => {
    expect(positionAt(text, offset)).toEqual(position);
  });
});

describe("createPositionFinder", () => {
  it("finds every place of a text as counting would", () => {
    const texts = fc.string({ unit: fc.constantFrom("a", "\n", "\r\n"), maxLength: 40 });
    fc.assert(
      fc.property(texts, (text) => {
        const find = createPositionFinder(text);
        for (let offset = 0; offset <= text.length; offset++) {
          const lines = text.slice(0, offset).split("\n");
          // Between CR and LF the line has not ended yet.
          const line = lines.length;
          expect(find(offset)).toEqual({ line, column: (lines.at(-1) ?? "").length + 1 });
        }
      }),
    );
  });
});
