import { describe, expect, it } from "vitest";
import { LIMITS, type Limit } from "../../shared/limits.ts";
import { readTables } from "./markdown.ts";

const DOCUMENT = "docs/limits.md";

describe(DOCUMENT, () => {
  it("has every limit of the table with its reason, and no other", () => {
    const rows = readTables(DOCUMENT, "# Limits").map((row) => [row.what, row["at most"], row.why]);

    expect(rows).toEqual(
      Object.values<Limit>(LIMITS).map(({ what, limit, unit, why }) => [
        what,
        `${limit.toLocaleString("en-US")} ${unit}`,
        why,
      ]),
    );
  });
});
