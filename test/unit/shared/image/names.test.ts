import { describe, expect, it } from "vitest";
import {
  baseName,
  IMAGE_NAME,
  LOCATION,
  RESOURCE_GROUP,
  SUBSCRIPTION_ID,
  tagProblem,
} from "../../../../shared/image/names.ts";

const a = (count: number): string => "a".repeat(count);

describe("names", () => {
  it.each([
    { rule: "IMAGE_NAME", ...IMAGE_NAME, good: ["a", "7", a(80), `${a(79)}_`, "a-b.c_d", "Web"] },
    { rule: "RESOURCE_GROUP", ...RESOURCE_GROUP, good: ["a", "_", "(a)", "-", a(90), "a.b"] },
    {
      rule: "SUBSCRIPTION_ID",
      ...SUBSCRIPTION_ID,
      good: ["00000000-0000-0000-0000-000000000000", "ABCDEFab-1234-1234-1234-1234567890ab"],
    },
    { rule: "LOCATION", ...LOCATION, good: ["westeurope", "West Europe", "eastus2", a(90)] },
  ])("$rule takes $good", ({ pattern, good }) => {
    expect(good.filter((name) => !pattern.test(name))).toEqual([]);
  });

  it.each([
    {
      rule: "IMAGE_NAME",
      ...IMAGE_NAME,
      bad: ["", "_a", "-a", ".a", "a-", "a.", "-", a(81), "a b", "a/b", "ä", "a\n"],
    },
    { rule: "RESOURCE_GROUP", ...RESOURCE_GROUP, bad: ["", "a.", ".", a(91), "a b", "a/b", "a\n"] },
    {
      rule: "SUBSCRIPTION_ID",
      ...SUBSCRIPTION_ID,
      bad: ["", "00000000", "{subscriptionId}", "g0000000-0000-0000-0000-000000000000"],
    },
    { rule: "LOCATION", ...LOCATION, bad: ["", " westeurope", "west-europe", a(91), "a\n"] },
  ])("$rule refuses $bad", ({ pattern, bad }) => {
    expect(bad.filter((name) => pattern.test(name))).toEqual([]);
  });
});

describe("tagProblem", () => {
  it.each([
    ["a", ""],
    [a(512), a(256)],
    ["a b.c:d=e", "any <text> %&\\?/ at all"],
    ["schlüssel", "wert"],
  ])("takes %s=%s", (name, value) => {
    expect(tagProblem(name, value)).toBeNull();
  });

  it.each<[string, unknown, string]>([
    ["", "x", "a tag needs a name"],
    [a(513), "x", "a tag name has at most 512 characters"],
    ...["<", ">", "%", "&", "\\", "?", "/"].map((letter): [string, string, string] => [
      `a${letter}`,
      "x",
      "a tag name may not contain < > % & \\ ? /",
    ]),
    ["a", 7, "a tag value must be a string"],
    ["a", null, "a tag value must be a string"],
    ["a", a(257), "a tag value has at most 256 characters"],
  ])("refuses %s=%s", (name, value, problem) => {
    expect(tagProblem(name, value)).toBe(problem);
  });
});

describe("baseName", () => {
  it.each([
    ["web.json", "web"],
    ["folder.v1/web.v2.json", "web.v2"],
    ["web", "web"],
    [".json", ".json"],
    ["folder/", ""],
  ])("of %s is %s", (path, name) => {
    expect(baseName(path)).toBe(name);
  });
});
