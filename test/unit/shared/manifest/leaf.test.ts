import { describe, expect, it } from "vitest";
import { z } from "zod";
import { leaf, wordLeaf } from "../../../../shared/manifest/leaf.ts";

describe("leaf", () => {
  const even = leaf({
    expected: "an even number",
    jsonSchema: { type: "integer", multipleOf: 2 },
    parse: (value) => (typeof value === "number" && value % 2 === 0 ? value / 2 : undefined),
  });

  it("gives the parsed value", () => {
    expect(even.parse(8)).toBe(4);
  });

  it("refuses with its own wording alone", () => {
    expect(even.safeParse(7).error?.issues).toMatchObject([{ message: "an even number" }]);
  });

  it("gives its own JSON Schema", () => {
    const schema = z.toJSONSchema(even, { io: "input", unrepresentable: "any" });

    expect(schema).toMatchObject({ type: "integer", multipleOf: 2 });
  });
});

describe("wordLeaf", () => {
  const word = wordLeaf(["ReadOnly", "V1"], "A word");

  it.each([
    ["ReadOnly", "ReadOnly"],
    ["readonly", "ReadOnly"],
    ["READONLY", "ReadOnly"],
    ["v1", "V1"],
  ])("reads %s as %s", (text, value) => {
    expect(word.parse(text)).toBe(value);
  });

  it.each(["", "ReadOnly ", "V2", 1, null])("refuses %j", (value) => {
    expect(word.safeParse(value).success).toBe(false);
  });
});
