import { describe, expect, it } from "vitest";
import { findNameProblem } from "../../../../shared/image/blob-name.ts";

describe("findNameProblem", () => {
  it.each([
    "a",
    "a/b",
    "...",
    "a./b",
    ".a/..b",
    "a..",
    "%2e%2e/a",
    "a b",
    "盤",
    "💾",
    "a".repeat(1_024),
  ])("has nothing against %j", (name) => {
    expect(findNameProblem(name)).toBeNull();
  });

  it.each([
    ["", "it does not name a blob"],
    [" ", "it does not name a blob"],
    ["a".repeat(1_025), "a blob name has at most 1,024 characters"],
    ["\ud800", "the blob's name contains half a surrogate pair"],
    ["a\tb", "a blob name must not contain a control character"],
    ["a\u0085b", "a blob name must not contain a control character"],
    ["a\\b", "a blob name must not contain a backslash; use a slash"],
    ["..", "a blob name must not contain a segment '.' or '..'"],
    ["./a", "a blob name must not contain a segment '.' or '..'"],
    ["a/../b", "a blob name must not contain a segment '.' or '..'"],
    ["a/.", "a blob name must not contain a segment '.' or '..'"],
  ])("%j: %s", (name, problem) => {
    expect(findNameProblem(name)).toBe(problem);
  });
});
