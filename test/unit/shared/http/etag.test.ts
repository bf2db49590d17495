import { describe, expect, it } from "vitest";
import { etagOfBody, isKnownEtag } from "../../../../shared/http/etag.ts";

describe("etagOfBody", () => {
  it("is the same for the same body, and another for another", () => {
    expect(etagOfBody({ a: 1 })).toBe(etagOfBody({ a: 1 }));
    expect(etagOfBody({ a: 1 })).not.toBe(etagOfBody({ a: 2 }));
    expect(etagOfBody([])).toMatch(/^"[a-z2-7]{26}"$/);
  });
});

describe("isKnownEtag", () => {
  it.each([
    ['"a"', true],
    ['W/"a"', true],
    ['"b", "a"', true],
    ['"b"', false],
    ["a", false],
    ["", false],
    [null, false],
  ])("of %s: %s", (header, isKnown) => {
    expect(isKnownEtag('"a"', header)).toBe(isKnown);
  });
});
