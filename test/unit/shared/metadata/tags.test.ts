import { describe, expect, it } from "vitest";
import type { ErrorDetail } from "../../../../shared/errors.ts";
import { imageRequestSchema } from "../../../../shared/image/image-request.ts";
import { tagProblem } from "../../../../shared/image/names.ts";
import { readTags } from "../../../../shared/metadata/vhd-metadata.ts";
import { makeImageRequest } from "../../../factories.ts";

describe("tags with names that objects have by themselves", () => {
  const inherited = ["constructor", "toString", "hasOwnProperty", "valueOf", "prototype"];

  it.each(inherited)("tag_%s becomes a tag, in the record too", (name) => {
    const problems: ErrorDetail[] = [];
    const tags = readTags({ [`tag_${name}`]: "x" }, problems);
    expect(problems).toEqual([]);

    const stored = JSON.parse(JSON.stringify(makeImageRequest({ tags: tags ?? {} })));
    const { tags: read } = imageRequestSchema.parse(stored);

    expect(Object.entries(read ?? {})).toEqual([[name, "x"]]);
  });

  it("tag___proto__ is a mistake that is reported, and reaches no prototype", () => {
    const problems: ErrorDetail[] = [];
    readTags({ tag___proto__: "polluted", tag_a: "b" }, problems);

    expect(problems).toEqual([
      {
        code: "InvalidMetadata",
        message: "metadata 'tag___proto__': a tag may not be named __proto__",
        target: "tag___proto__",
      },
    ]);
    expect(tagProblem("__proto__", "x")).not.toBeNull();
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });
});
