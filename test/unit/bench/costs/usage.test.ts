import { expect, test } from "vitest";
import {
  addUsage,
  billedSeconds,
  countOperations,
  gigabyteSeconds,
  medianUsage,
  NO_USAGE,
  scaleUsage,
  type Usage,
} from "../../../../bench/costs/usage.ts";

function usage(tableRead: number, seconds = 0): Usage {
  return { ...NO_USAGE, operations: { ...NO_USAGE.operations, tableRead }, seconds, executions: 1 };
}

test.for([
  [0, 1],
  [20, 1],
  [1000, 1],
  [1000.1, 1.1],
  [1100, 1.1],
  [1234, 1.3],
] as const)("an execution of %d ms is billed as %d s", ([milliseconds, seconds]) => {
  expect(billedSeconds(milliseconds)).toBeCloseTo(seconds, 10);
});

test("an instance of 2048 MB uses two gigabyte-seconds a second", () => {
  expect(gigabyteSeconds(3, 2048)).toBe(6);
  expect(gigabyteSeconds(3, 512)).toBe(1.5);
});

test("usages add up and scale figure by figure", () => {
  expect(addUsage([usage(2, 0.5), usage(3, 1)])).toEqual({ ...usage(5, 1.5), executions: 2 });
  expect(scaleUsage(usage(2, 0.5), 4)).toEqual({ ...usage(8, 2), executions: 4 });
  expect(addUsage([])).toEqual(NO_USAGE);
});

test("the operations of all classes count", () => {
  const operations = { ...NO_USAGE.operations, blobList: 1, queueClass2: 2, tableBatch: 3 };
  expect(countOperations({ ...NO_USAGE, operations })).toBe(6);
});

test("a run that had to repeat something does not move the median", () => {
  expect(medianUsage([usage(1), usage(9), usage(1)]).operations.tableRead).toBe(1);
});
