import { describe, expect, it } from "vitest";
import { FUZZ_TARGETS } from "../fuzz/index.ts";
import { isWeekly } from "../run/weekly.ts";

/** The seed is fixed: a red test is red again, and `npm run fuzz` looks further. */
const OPTIONS = { runs: isWeekly ? 5000 : 200, seed: 20_240_101 };

describe.each(FUZZ_TARGETS)("any input of $name", (target) => {
  it("ends well or with a precise error, in bounded time and memory", {
    timeout: 300_000,
  }, async () => {
    expect(await target.run(OPTIONS)).toMatchObject({ runs: OPTIONS.runs, finding: null });
  });
});
