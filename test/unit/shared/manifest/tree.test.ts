import fc from "fast-check";
import { parseTree } from "jsonc-parser";
import { describe, expect, it } from "vitest";
import { formatPath } from "../../../../shared/manifest/problem.ts";
import { checkTree } from "../../../../shared/manifest/tree.ts";

/** `path message` of each finding in a text. */
function findingsOf(text: string): readonly string[] {
  const root = parseTree(text);
  if (root === undefined) throw new Error(`${text} has no tree`);
  return checkTree(root)
    .map(({ path, message }) => `${formatPath(path)} ${message}`)
    .sort();
}

describe("checkTree", () => {
  it("finds nothing in any JSON that JavaScript writes", () => {
    const isFit = (text: string): boolean => !/__proto__|\\u0000|\\ud[89a-f]/i.test(text);
    fc.assert(
      fc.property(fc.json().filter(isFit), (text) => {
        expect(findingsOf(text)).toEqual([]);
      }),
    );
  });

  it.each([
    ["a key twice", '{"a":1,"a":1}', ["a appears twice; remove one of the two"]],
    [
      "a key three times",
      '{"a":1,"a":2,"a":3}',
      Array(2).fill("a appears twice; remove one of the two"),
    ],
    [
      "a key twice, deep down",
      '[{"b":[{"a":1,"\\u0061":1}]}]',
      ["[0].b[0].a appears twice; remove one of the two"],
    ],
    ["__proto__", '{"x":{"__proto__":1}}', ["x.__proto__ is not a known key; remove it"]],
    ["half a pair", '{"a":["\\ud800"]}', ["a[0] contains half a surrogate pair"]],
    ["a NUL", '{"a":"x\\u0000"}', ["a contains a NUL character"]],
    [
      "both in a key",
      '{"a":{"\\udc00":1,"\\u0000":1}}',
      Array(2).fill("a has a key with half a surrogate pair or a NUL character"),
    ],
  ])("finds %s", (_, text, expected) => {
    expect(findingsOf(text)).toEqual(expected);
  });

  it.each([
    '{"a":1,"A":1}',
    '{"a":{"a":1}}',
    '[{"a":1},{"a":1}]',
    '{"constructor":1}',
    '"\\ud83d\\udcbe"',
  ])("finds nothing in %s", (text) => {
    expect(findingsOf(text)).toEqual([]);
  });
});
