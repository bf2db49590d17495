import { type Node, parseTree } from "jsonc-parser";
import { describe, expect, it } from "vitest";
import { createPositionFinder } from "../../../../shared/manifest/position.ts";
import {
  describeValue,
  formatPath,
  locateFinding,
  type Path,
  valueAt,
} from "../../../../shared/manifest/problem.ts";

describe("formatPath", () => {
  it.each([
    [[], "(root)"],
    [["location"], "location"],
    [["properties", "dataDisks", 1, "lun"], "properties.dataDisks[1].lun"],
    [[0, "a"], "[0].a"],
  ])("writes %j as %s", (path, text) => {
    expect(formatPath(path)).toBe(text);
  });
});

describe("formatPath of a long key", () => {
  it("shows 80 characters of it", () => {
    expect(formatPath(["tags", "x".repeat(80)])).toBe(`tags.${"x".repeat(80)}`);
    expect(formatPath(["tags", "x".repeat(100_000)])).toBe(`tags.${"x".repeat(79)}…`);
  });
});

describe("locateFinding", () => {
  const text = '{\n  "a": { "b": [ 1, 2 ] }\n}';
  const root = parse(text);

  it.each([
    { of: "a key", path: ["a", "b"], place: { line: 2, column: 10 } },
    { of: "an item", path: ["a", "b", 1], place: { line: 2, column: 20 } },
    { of: "a missing key: the object around it", path: ["a", "x"], place: { line: 2, column: 8 } },
    {
      of: "a missing path: what is there of it",
      path: ["a", "b", 7, "c"],
      place: { line: 2, column: 15 },
    },
    { of: "the root", path: [], place: { line: 1, column: 1 } },
  ])("gives the place of $of", ({ path, place }) => {
    const finding = { path: path as Path, message: "is wrong" };

    expect(locateFinding(root, finding, createPositionFinder(text))).toEqual({
      ...finding,
      ...place,
    });
  });
});

describe("describeValue", () => {
  it.each([
    [undefined, "nothing"],
    [null, "null"],
    [7, "7"],
    [true, "true"],
    ["text", '"text"'],
    [[1], "an array"],
    [{ a: 1 }, "an object"],
    ["web.vhd?sig=SECRET", '"web.vhd?…"'],
    ["web#1", '"web#1"'],
    ["https://host/c/web.vhd#SECRET", '"https://host/c/web.vhd?…"'],
    ["https://me:SECRET@host/c/web.vhd", '"https://…@host/c/web.vhd"'],
    ["?\nSECRET", '"?…"'],
  ])("says %j as %s", (value, text) => {
    expect(describeValue(value)).toBe(text);
  });

  it("cuts a long value to 80 characters at most", () => {
    expect(describeValue("x".repeat(78))).toBe(`"${"x".repeat(78)}"`);
    expect(describeValue("x".repeat(79))).toBe(`"${"x".repeat(76)}…"`);
  });
});

describe("valueAt", () => {
  const value = { a: [{ b: 1 }], n: null };

  it.each([
    [[], value],
    [["a", 0, "b"], 1],
    [["n"], null],
    [["n", "x"], undefined],
    [["a", 1, "b"], undefined],
    [["a", 0, "b", "c"], undefined],
    [["toString"], undefined],
  ])("at %j gives %j", (path, found) => {
    expect(valueAt(value, path)).toEqual(found);
  });
});

function parse(text: string): Node {
  const root = parseTree(text);
  if (root === undefined) throw new Error("the text has no root");
  return root;
}
