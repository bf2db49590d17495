import { describe, expect, it } from "vitest";
import { findLimitBreach, MAX_DEPTH, MAX_TOKENS } from "../../../../shared/manifest/limits.ts";

/** Brackets within one another, with white space and comments between them. */
const nest = (depth: number): string => `${"[ /* [ */ ".repeat(depth)}${"]".repeat(depth)}`;

describe("findLimitBreach", () => {
  it.each(["", "{}", "not JSON", '"[[[[', "]]]]", nest(MAX_DEPTH)])("finds none in %j", (text) => {
    expect(findLimitBreach(text)).toBeNull();
  });

  it("counts brackets and braces alike, and finds the first that is too deep", () => {
    const opened = '[{"a":'.repeat(MAX_DEPTH / 2);
    expect(findLimitBreach(`${opened}[]`)).toEqual({
      offset: opened.length,
      message: "this is nested more than 32 levels deep",
    });
  });

  it("does not count what stands in texts and comments", () => {
    expect(
      findLimitBreach(`["${"[".repeat(100)}", /*${"[".repeat(100)}*/ 1] //${"{".repeat(100)}`),
    ).toBeNull();
  });

  it("counts depth, not brackets", () => {
    expect(findLimitBreach(`[${"[],".repeat(1_000)}0]`)).toBeNull();
  });

  it("takes as many tokens as the limit says, and no more", () => {
    expect(findLimitBreach("0 ".repeat(MAX_TOKENS))).toBeNull();
    expect(findLimitBreach("0 ".repeat(MAX_TOKENS + 1))).toEqual({
      offset: 2 * MAX_TOKENS,
      message: "the manifest exceeds the limit of 20000 JSON tokens here",
    });
  });
});
