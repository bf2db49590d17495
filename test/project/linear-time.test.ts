import { describe, expect, it } from "vitest";
import { growthOf, LINEAR_GROWTH } from "../growth.ts";
import { judge } from "./judge-expressions.ts";
import verdicts from "./judged-expressions.json" with { type: "json" };
import { listExpressions, listMadeExpressions } from "./regular-expressions.ts";

const EXPRESSIONS = [
  ...new Map(listExpressions().map((found) => [`/${found.source}/${found.flags}`, found])),
];
const JUDGED: Readonly<Record<string, string>> = verdicts;

/** Words and single characters that an expression names: what a text is made of to keep it busy. */
function pumpsOf(source: string): readonly string[] {
  const words = source.match(/[A-Za-z0-9_=]{2,}/g) ?? [];
  const signs = source.match(/[^\w\s]/g) ?? [];
  return [...new Set([...words, ...signs, "a", "A", "0", " ", "/", "-", "\n"])];
}

describe("every regular expression", () => {
  it("is found, in the folders of what is deployed and of what prints it", () => {
    expect(EXPRESSIONS.length).toBeGreaterThan(40);
    expect(new Set(EXPRESSIONS.map(([, { file }]) => file.split("/")[0]))).toEqual(
      new Set(["functions", "shared", "cli", "local"]),
    );
  });

  it("is written down, so that it can be judged; those that are built are measured by unit tests", () => {
    expect(listMadeExpressions()).toEqual(["shared/manifest/mentions.ts", "shared/redact.ts"]);
  });

  it("takes linear time at most, as recheck judges it (judge-expressions.ts writes its verdicts)", () => {
    const bad = EXPRESSIONS.map(([key, found]) => [key, JUDGED[key] ?? judge(found)]).filter(
      ([, verdict]) => verdict !== "safe" && verdict !== "linear",
    );

    expect(bad).toEqual([]);
  });

  it.each(EXPRESSIONS)("takes time in proportion to what it is pumped with: %s", (_, found) => {
    const pattern = new RegExp(found.source, found.flags.replace(/[gy]/g, ""));
    const slow = pumpsOf(found.source).filter((pump) => {
      const growth = growthOf((size) => {
        const text = `${pump.repeat(size / pump.length)}\u0001`;
        return () => pattern.test(text);
      });
      return growth > LINEAR_GROWTH;
    });

    expect(slow).toEqual([]);
  });
});

describe("the judge", () => {
  it.each([
    ["\\?.*\\bsig=", "is"],
    ["\\beyJ[\\w-]+\\.[\\w-]+\\.[\\w-]*", "g"],
    ["^(a+)+$", ""],
  ])("does not pass /%s/%s", (source, flags) => {
    expect(["safe", "linear"]).not.toContain(judge({ source, flags }));
  });
});
