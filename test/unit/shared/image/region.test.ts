import { expect, it } from "vitest";
import { normalizeRegion } from "../../../../shared/image/region.ts";

it("a region is the same by its name and by its display name", () => {
  expect(["West Europe", "westeurope", "WESTEurope"].map(normalizeRegion)).toEqual(
    Array(3).fill("westeurope"),
  );
});
