import { describe, expect, it } from "vitest";
import {
  ACCOUNT,
  CONTAINER_NAME,
  httpsUrl,
  list,
  number,
  optional,
  REGION,
  required,
  SOURCE_PREFIX,
  TABLE_NAME,
  TARGET,
  word,
} from "../../../../shared/settings/setting-values.ts";
import { SUBSCRIPTION_ID } from "../../../factories.ts";

const DIGITS = { pattern: /^\d+$/, expected: "digits" };

describe("required", () => {
  it("takes away blanks at both ends", () => {
    expect(required("x")(" a b ")).toEqual({ value: "a b" });
  });

  it("falls back where it is not set, and only there", () => {
    expect(required("x")(undefined)).toEqual({ value: "x" });
    expect(required("x")(" ")).toEqual({ problems: ["must not be empty"] });
  });

  it("keeps a rule", () => {
    expect(required("1", DIGITS)("12")).toEqual({ value: "12" });
    expect(required("1", DIGITS)("x")).toEqual({ problems: ["must be digits"] });
  });
});

describe("optional", () => {
  it("takes empty as not set", () => {
    expect(optional()("")).toEqual({ value: undefined });
    expect(optional(DIGITS)(undefined)).toEqual({ value: undefined });
  });

  it("keeps a rule where it is set", () => {
    expect(optional()(" a ")).toEqual({ value: "a" });
    expect(optional(DIGITS)(" 12 ")).toEqual({ value: "12" });
    expect(optional(DIGITS)("x")).toEqual({ problems: ["must be digits"] });
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
  ])("reads %j as %j", (text, value) => {
    expect(accounts(text)).toEqual({ value });
  });

  it("points at every item that is not allowed, and does not repeat it", () => {
    expect(accounts("one,a b,x")).toEqual({
      problems: [
        "item 2 must be a storage account's name",
        "item 3 must be a storage account's name",
      ],
    });
  });
});

describe("number", () => {
  const seconds = number(10, 0.5);

  it.each([
    [undefined, 10],
    ["", 10],
    ["0.5", 0.5],
    ["300", 300],
  ])("reads %j as %f", (text, value) => {
    expect(seconds(text)).toEqual({ value });
  });

  it.each([
    ["0.4", "must be at least 0.5"],
    ["-1", "must be at least 0.5"],
    ["5s", "must be a number, at least 0.5"],
    ["Infinity", "must be a number, at least 0.5"],
  ])("refuses %s: %s", (text, problem) => {
    expect(seconds(text)).toEqual({ problems: [problem] });
  });
});

describe("word", () => {
  const generation = word(["V1", "V2"]);

  it("reads a word in any case, or nothing", () => {
    expect(generation(" v2 ")).toEqual({ value: "V2" });
    expect(generation("")).toEqual({ value: undefined });
    expect(generation("V3")).toEqual({ problems: ["must be one of V1, V2"] });
  });
});

describe("httpsUrl", () => {
  it.each([
    [undefined, undefined],
    ["", undefined],
    [" https://127.0.0.1:8443 ", "https://127.0.0.1:8443"],
  ])("reads %j as %j", (text, value) => {
    expect(httpsUrl(text)).toEqual({ value });
  });

  it.each(["http://127.0.0.1", "management.azure.com", "https://"])("refuses %s", (text) => {
    expect(httpsUrl(text)).toEqual({ problems: ["must be an https URL"] });
  });
});

describe("names of storage", () => {
  const long = "a".repeat(63);

  it.each(["abc", "a-b", "0-0", long])("take the container %s", (name) => {
    expect(name).toMatch(CONTAINER_NAME.pattern);
  });

  it.each(["ab", "Abc", "a--b", "-ab", "ab-", "a_b", `${long}a`])(
    "refuse the container %s",
    (name) => {
      expect(name).not.toMatch(CONTAINER_NAME.pattern);
    },
  );

  it.each(["abc", "imageRequests", long])("take the table %s", (name) => {
    expect(name).toMatch(TABLE_NAME.pattern);
  });

  it.each(["ab", "1ab", "a-b", `${long}a`])("refuse the table %s", (name) => {
    expect(name).not.toMatch(TABLE_NAME.pattern);
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
    {
      rule: REGION,
      good: ["*", "westeurope", "West Europe", "microsoftlosangeles1", "edge-1"],
      bad: ["**", "?", "", "a".repeat(91), "west*"],
    },
    { rule: ACCOUNT, good: ["abc", "a".repeat(24)], bad: ["ab", "a".repeat(25), "a-b"] },
  ])("are $rule.expected", ({ rule, good, bad }) => {
    expect(good.filter((item) => !rule.pattern.test(item))).toEqual([]);
    expect(bad.filter((item) => rule.pattern.test(item))).toEqual([]);
  });
});
