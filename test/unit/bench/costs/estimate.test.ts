import { expect, test } from "vitest";
import { estimate, UnmeasuredStepError } from "../../../../bench/costs/estimate.ts";
import type { Label } from "../../../../bench/costs/label-runs.ts";
import type { Measured } from "../../../../bench/costs/measure.ts";
import { NO_USAGE, type Usage } from "../../../../bench/costs/usage.ts";
import { readSettings } from "../../../../shared/settings/settings.ts";

const SETTINGS = readSettings({ ImageStorage: "UseDevelopmentStorage=true" });
const ASSUMPTIONS = { uploadSeconds: 600, operationSeconds: 180 };
const POLLING_SECONDS = 2;

function readsOf(count: number): Usage {
  const operations = { ...NO_USAGE.operations, tableRead: count };
  return { ...NO_USAGE, operations, executions: 1, billedSeconds: 1 };
}

const ONE_READ = { runs: 1, raced: 0, usage: readsOf(1) };
/** Every label is measured as one read. */
const steps = { get: () => ONE_READ } as unknown as ReadonlyMap<Label, typeof ONE_READ>;
const MEASURED: Measured = {
  steps,
  sweep: { ...ONE_READ, usage: readsOf(3) },
  sweepPerBlob: { ...NO_USAGE, operations: { ...NO_USAGE.operations, tableQuery: 1 } },
  host: NO_USAGE,
};

test("every run of an image counts with what it used, and the sweeps that look it up", () => {
  const { vhd, runsPerImage } = estimate(MEASURED, SETTINGS, ASSUMPTIONS, POLLING_SECONDS);
  const runs = [...runsPerImage]
    .filter(([label]) => label.startsWith("alone: "))
    .reduce((sum, [, count]) => sum + count, 0);
  expect(vhd.app.executions).toBe(runs);
  expect(vhd.app.operations).toMatchObject({ tableRead: runs, tableQuery: 21 });
  expect(vhd.host.operations).toMatchObject({ queueClass1: runs + 1, queueClass2: runs });
});

test("an idle hour has the sweeps of the schedule and the host's looks at four queues", () => {
  const { idleHour } = estimate(MEASURED, SETTINGS, ASSUMPTIONS, POLLING_SECONDS);
  expect(idleHour.app).toMatchObject({ executions: 60, operations: { tableRead: 180 } });
  expect(idleHour.host.operations).toMatchObject({ blobWrite: 60, queueClass2: 4 * 1800 });
  const settings = { ...SETTINGS, sweepSchedule: "0 */5 * * * *" };
  const seldom = estimate(MEASURED, settings, ASSUMPTIONS, 30).idleHour;
  expect(seldom.app.executions).toBe(12);
  expect(seldom.host.operations.queueClass2).toBe(4 * 120);
});

test("a step that was not measured is not taken for free", () => {
  const measured = { ...MEASURED, steps: new Map() };
  expect(() => estimate(measured, SETTINGS, ASSUMPTIONS, POLLING_SECONDS)).toThrow(
    UnmeasuredStepError,
  );
});
