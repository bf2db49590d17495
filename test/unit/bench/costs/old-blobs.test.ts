import { expect, it } from "vitest";
import { countWithOldBlobs } from "../../../../bench/costs/old-blobs.ts";

it("an image costs the same in a container of one page and in one of three", async () => {
  const few = await countWithOldBlobs(10);
  const many = await countWithOldBlobs(12_000);

  expect(few.operations).toBeGreaterThan(20);
  expect(many.operations / few.operations).toBeLessThanOrEqual(1.1);
});
