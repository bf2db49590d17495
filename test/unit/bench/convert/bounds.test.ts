import { describe, expect, it } from "vitest";
import { BOUNDS, judgeConversion, judgeMap } from "../../../../bench/convert/bounds.ts";
import type { AppCosts } from "../../../../bench/convert/measure-app.ts";

const MAP = { reads: 12, bytes: 500_000, copyBytes: 1, calls: 1, milliseconds: 1 };
const COSTS: AppCosts = {
  name: "VHDX",
  isCompressed: false,
  fileBytes: 1,
  dataBytes: 1,
  calls: 1,
  passedBytes: 0,
  memoryGrowthBytes: BOUNDS.memoryGrowthBytes,
  uploadSeconds: 1,
  convertSeconds: 1,
  isEqual: true,
};

describe("the bounds of a conversion", () => {
  it("hold at their very values", () => {
    expect(judgeMap("VHDX", MAP)).toEqual([]);
    expect(judgeConversion(COSTS)).toEqual([]);
  });

  it.each([
    ["reads of the map", judgeMap("VHDX", { ...MAP, reads: 13 })],
    ["bytes read for the map", judgeMap("VHDX", { ...MAP, bytes: 500_001 })],
    ["bytes through the app", judgeConversion({ ...COSTS, passedBytes: 512 })],
    [
      "growth of memory",
      judgeConversion({ ...COSTS, memoryGrowthBytes: BOUNDS.memoryGrowthBytes + 1 }),
    ],
    ["growth of memory", judgeConversion({ ...COSTS, memoryGrowthBytes: Number.NaN })],
    ["differs from the original", judgeConversion({ ...COSTS, isEqual: false })],
  ])("are broken by more: %s", (what, broken) => {
    expect(broken).toHaveLength(1);
    expect(broken[0]).toContain(what);
  });

  it("leave what is compressed to the app", () => {
    expect(judgeConversion({ ...COSTS, isCompressed: true, passedBytes: 4096 })).toEqual([]);
  });
});
