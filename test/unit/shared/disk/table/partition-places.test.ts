import { expect, it } from "vitest";
import { describePlaces } from "../../../../../shared/disk/table/partition-places.ts";

it("names the first eight of many partitions that are wrong, and counts the others", () => {
  const listed = Array.from({ length: 20 }, (_, index) => ({
    type: { name: "x" },
    start: 1024 * (index + 1),
    size: 1024,
    isActive: false,
    isIgnored: false,
    name: null,
  }));

  expect(describePlaces(listed, { diskBytes: 512 }).warnings).toEqual([
    "partition 1, 2, 3, 4, 5, 6, 7, 8 and 12 more ends beyond the end of the disk",
  ]);
});
