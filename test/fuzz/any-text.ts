import fc from "fast-check";

/** Every code point, half surrogates included; and back, by which fast-check finds names like `__proto__`. */
const codePoint = fc.integer({ min: 0, max: 0x10ffff }).map(
  (value) => String.fromCodePoint(value),
  (character) => {
    const value = typeof character === "string" ? character.codePointAt(0) : undefined;
    if (value === undefined || String.fromCodePoint(value) !== character) throw new Error("none");
    return value;
  },
);

/**
 * Texts of any code points, as fast-check's unit "binary" has them. That one lists all 1.1 million of
 * them when it is used first, which takes each process a second or two, and 200 MB.
 */
export function anyText(constraints: fc.StringConstraints = {}): fc.Arbitrary<string> {
  return fc.string({ ...constraints, unit: codePoint });
}
