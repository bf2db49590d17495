import { describe, expect, it } from "vitest";
import { makeVhdx } from "../../../../bench/convert/large-disks.ts";
import { measureMap } from "../../../../bench/convert/measure-map.ts";

describe("the map of a VHDX of 1 TiB with 20 GiB of data", () => {
  it("takes at most 12 reads and 0.5 MB", async () => {
    const { reader, dataBytes } = makeVhdx();
    const costs = await measureMap(reader, () => 0);
    expect(costs.reads).toBeLessThanOrEqual(12);
    expect(costs.bytes).toBeLessThanOrEqual(500_000);
    expect(costs).toMatchObject({ copyBytes: dataBytes, calls: 5_120 });
  });
});
