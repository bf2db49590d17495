import { type CostWorld, startCostWorld } from "./cost-world.ts";
import { type Label, labelRuns } from "./label-runs.ts";
import { createUsageReader, usageOfExchange } from "./read-usage.ts";
import { type Run, readRuns } from "./run.ts";
import { measureSweeps, sweepOften } from "./sweeps.ts";
import { addUsage, medianUsage, NO_USAGE, scaleUsage, type Usage } from "./usage.ts";
import { makeImagesOfManifests, makeImagesOfVhds } from "./workload.ts";

/** The runs of one kind. */
export interface Measurement {
  readonly runs: number;
  /** Of them, those that lost a race for the record and started over. They are not in the usage. */
  readonly raced: number;
  /** What one used: the median of each figure. */
  readonly usage: Usage;
}

export interface Measured {
  readonly steps: ReadonlyMap<Label, Measurement>;
  /** One sweep over an empty container, and what it adds for each blob that was written lately. */
  readonly sweep: Measurement;
  readonly sweepPerBlob: Usage;
  /** What the stand-in for the Functions host sent during the whole measurement. */
  readonly host: Usage;
}

/** Short times: what a step uses does not depend on how long the wait was. */
const SETTINGS = {
  SETTLE_SECONDS: "12",
  SETTLE_MIN_SECONDS: "1",
  POLL_SECONDS: "1",
  OVERDUE_SECONDS: "5",
  // One event for each blob, as from Event Grid, which the Flex Consumption plan needs.
  BLOB_TRIGGER_SOURCE: "EventGrid",
  // Sweeps are triggered by hand, so that what they find is known.
  SWEEP_SCHEDULE: "0 0 0 1 1 *",
  // Looks that find the operation still running.
  ARM_POLLS: "3",
};

/** Takes so many uploads of each kind through the built app, and adds up what every run used. */
export async function measureCosts(uploadsOfEach: number): Promise<Measured> {
  const lines: string[] = [];
  const world = await startCostWorld(SETTINGS, (line) => lines.push(line));
  try {
    await sweepOften(world, 1); // loads what a sweep needs, and opens what there is
    const sweepsBefore = await measureSweeps(world, lines);
    await makeImages(world, "warm-up-", 1);
    const warmedUpAt = Date.now();
    await makeImages(world, "", uploadsOfEach);
    const sweepsAfter = await measureSweeps(world, lines);
    const exchanges = world.arm.listExchanges();
    const usageOf = createUsageReader(world.appExchanges, exchanges);
    const runs = labelRuns(readRuns(lines)).filter(({ run }) => run.startedAtMs >= warmedUpAt);
    const sweep = summarizeRuns(sweepsBefore, usageOf);
    const blobs = 3 * (uploadsOfEach + 1);
    const difference = addUsage([
      summarizeRuns(sweepsAfter, usageOf).usage,
      scaleUsage(sweep.usage, -1),
    ]);
    return {
      steps: summarizeByLabel(runs, usageOf),
      sweep,
      sweepPerBlob: scaleUsage({ ...NO_USAGE, operations: difference.operations }, 1 / blobs),
      host: addUsage(world.hostExchanges.map(usageOfExchange)),
    };
  } finally {
    await world.close();
  }
}

/** VHDs alone come first: while they are decided on, no manifest has just been uploaded. */
async function makeImages(world: CostWorld, prefix: string, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => String(index + 1));
  await makeImagesOfVhds(
    world,
    numbers.map((number) => `${prefix}alone-${number}`),
  );
  await makeImagesOfManifests(
    world,
    numbers.map((number) => ({
      vhd: `${prefix}disk-${number}.vhd`,
      manifest: `${prefix}image-${number}.json`,
    })),
  );
}

function summarizeByLabel(
  runs: ReturnType<typeof labelRuns>,
  usageOf: (run: Run) => Usage,
): ReadonlyMap<Label, Measurement> {
  const byLabel = Map.groupBy(runs, ({ label }) => label);
  return new Map(
    [...byLabel].map(([label, list]) => [
      label,
      summarizeRuns(
        list.map(({ run }) => run),
        usageOf,
      ),
    ]),
  );
}

function summarizeRuns(runs: readonly Run[], usageOf: (run: Run) => Usage): Measurement {
  const undisturbed = runs.filter(({ races }) => races === 0);
  const counted = undisturbed.length > 0 ? undisturbed : runs;
  const raced = runs.length - undisturbed.length;
  return { runs: runs.length, raced, usage: medianUsage(counted.map(usageOf)) };
}
