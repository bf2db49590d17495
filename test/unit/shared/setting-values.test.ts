import { describe, expect, it } from "vitest";
import type { z } from "zod";
import {
  ACCOUNT,
  containerName,
  list,
  named,
  number,
  optionalText,
  SOURCE_PREFIX,
  TARGET,
  tableName,
  text,
  word,
} from "../../../shared/setting-values.ts";
import { SUBSCRIPTION_ID } from "../../factories.ts";

/** The messages of a value that must be wrong. */
function messages(schema: z.ZodType, value: unknown): string[] {
  return schema.safeParse(value).error?.issues.map(({ message }) => message) ?? [];
}

describe("text and optionalText", () => {
  it("take away blanks at both ends", () => {
    expect(text.parse(" a b ")).toBe("a b");
    expect(optionalText.parse(" a ")).toBe("a");
  });

  it("differ in what empty means", () => {
    expect(messages(text, "")).toEqual(["must not be empty"]);
    expect(optionalText.parse("")).toBeUndefined();
    expect(optionalText.parse(undefined)).toBeUndefined();
  });
});

describe("named", () => {
  const digits = named({ pattern: /^\d+$/, expected: "digits" });

  it("keeps a rule, where the setting is set", () => {
    expect(digits.parse("12")).toBe("12");
    expect(digits.parse(undefined)).toBeUndefined();
    expect(messages(digits, "x")).toEqual(["must be digits"]);
  });
});

describe("list", () => {
  const accounts = list(ACCOUNT);

  it.each([
    [undefined, []],
    ["", []],
    [" , ,", []],
    ["one", ["one"]],
    ["one, two ,three,", ["one", "two", "three"]],
  ])("reads %j as %j", (value, items) => {
    expect(accounts.parse(value)).toEqual(items);
  });

  it("names every item that is not allowed", () => {
    expect(messages(accounts, "one,a b,x")).toEqual([
      "lists 'a b'; each item must be a storage account's name",
      "lists 'x'; each item must be a storage account's name",
    ]);
  });
});

describe("number", () => {
  const seconds = number(10, 0.5);

  it.each([
    [undefined, 10],
    ["", 10],
    ["0.5", 0.5],
    ["300", 300],
  ])("reads %j as %f", (value, read) => {
    expect(seconds.parse(value)).toBe(read);
  });

  it.each([
    ["0.4", "must be at least 0.5"],
    ["-1", "must be at least 0.5"],
    ["5s", "must be a number, at least 0.5"],
    ["Infinity", "must be a number, at least 0.5"],
  ])("refuses %s: %s", (value, message) => {
    expect(messages(seconds, value)).toEqual([message]);
  });
});

describe("word", () => {
  const generation = word(["V1", "V2"]);

  it("reads a word in any case, or nothing", () => {
    expect(generation.parse("v2")).toBe("V2");
    expect(generation.parse("")).toBeUndefined();
    expect(messages(generation, "V3")).toEqual(["must be one of V1, V2"]);
  });
});

describe("names of storage", () => {
  const long = "a".repeat(63);

  it.each(["abc", "a-b", "0-0", long])("takes the container %s", (name) => {
    expect(containerName.parse(name)).toBe(name);
  });

  it.each(["ab", "Abc", "a--b", "-ab", "ab-", "a_b", `${long}a`])(
    "refuses the container %s",
    (name) => {
      expect(messages(containerName, name)).toHaveLength(1);
    },
  );

  it.each(["abc", "imageRequests", long])("takes the table %s", (name) => {
    expect(tableName.parse(name)).toBe(name);
  });

  it.each(["ab", "1ab", "a-b", `${long}a`])("refuses the table %s", (name) => {
    expect(messages(tableName, name)).toHaveLength(1);
  });
});

describe("items of the policy", () => {
  it.each([
    {
      rule: TARGET,
      good: [`${SUBSCRIPTION_ID}/images-rg`],
      bad: ["images-rg", `${SUBSCRIPTION_ID}/`, `${SUBSCRIPTION_ID}/a/b`],
    },
    {
      rule: SOURCE_PREFIX,
      good: ["/subscriptions/s", "/subscriptions/s/", "/SUBSCRIPTIONS/s/resourceGroups/g"],
      bad: ["", "/", "/subscriptions", "/subscriptions/", "subscriptions/s", "/subscriptions//s"],
    },
    { rule: ACCOUNT, good: ["abc", "a".repeat(24)], bad: ["ab", "a".repeat(25), "a-b"] },
  ])("are $rule.expected", ({ rule, good, bad }) => {
    expect(good.filter((item) => !rule.pattern.test(item))).toEqual([]);
    expect(bad.filter((item) => rule.pattern.test(item))).toEqual([]);
  });
});
