import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import hostJson from "../host.json" with { type: "json" };
import { parseTimeSpan } from "../local/functions-host/time-span.ts";
import { readSettings } from "../shared/settings/settings.ts";
import { type Assumptions, type Estimate, estimate } from "./costs/estimate.ts";
import { type Measured, measureCosts } from "./costs/measure.ts";
import { countWithOldBlobs } from "./costs/old-blobs.ts";
import { type CostReport, formatCosts, type Variant } from "./costs/report.ts";

/**
 * `npm run bench:costs -- [--uploads N] [--upload-seconds S] [--operation-seconds S] [--memory MB]
 * [--json]`: what storage operations, calls and executions an image costs.
 *
 * N uploads go through the built app in the local world with short waiting times. What one step uses is
 * measured; how many steps there are is derived, by the app's own rules, for the settings that the
 * environment gives (POLL_SECONDS=15 npm run bench:costs), or else their defaults.
 */
const { values } = parseArgs({
  options: {
    uploads: { type: "string", default: "40" },
    "upload-seconds": { type: "string", default: "600" },
    "operation-seconds": { type: "string", default: "180" },
    memory: { type: "string", default: "2048" },
    json: { type: "boolean", default: false },
  },
});
const uploadsOfEach = Math.ceil(Number(values.uploads) / 2);
const memoryMb = Number(values.memory);
const assumptions: Assumptions = {
  uploadSeconds: Number(values["upload-seconds"]),
  operationSeconds: Number(values["operation-seconds"]),
};
const POLLING_MS = parseTimeSpan(hostJson.extensions.queues.maxPollingInterval) ?? 60_000;

/** What an operator can turn, one at a time. */
const VARIANTS = [
  { name: "POLL_SECONDS=15", settings: { POLL_SECONDS: "15" } },
  { name: "SETTLE_SECONDS=120", settings: { SETTLE_SECONDS: "120" } },
  { name: "SWEEP_SCHEDULE=0 */5 * * * *", settings: { SWEEP_SCHEDULE: "0 */5 * * * *" } },
  { name: "maxPollingInterval=00:00:30", pollingMs: 30_000 },
  { name: "instance memory 512 MB", memoryMb: 512 },
] as const;

const measured = await measureCosts(uploadsOfEach);
const report: CostReport = {
  node: process.version,
  machine: `${availableParallelism()} × ${cpus()[0]?.model ?? "unknown"}`,
  uploadsOfEach,
  assumptions,
  memoryMb,
  steps: Object.fromEntries(measured.steps),
  sweep: measured.sweep,
  sweepPerBlob: measured.sweepPerBlob,
  estimate: estimateWith(measured, {}, POLLING_MS),
  variants: VARIANTS.map((variant) => estimateVariant(measured, variant)),
  measuredHost: measured.host,
};
const OLD_BLOBS = [10, 100_000] as const;
const [few, many] = [await countWithOldBlobs(OLD_BLOBS[0]), await countWithOldBlobs(OLD_BLOBS[1])];
const growth = many.operations / few.operations;
console.error(
  `Operations for one image: ${few.operations} with ${few.oldBlobs} old blobs, ${many.operations} with ${many.oldBlobs}; ratio ${growth.toFixed(2)}`,
);
console.log(values.json ? JSON.stringify(report, mapToObject) : formatCosts(report));

function estimateVariant(
  measured: Measured,
  variant: {
    readonly name: string;
    readonly settings?: Readonly<Record<string, string>>;
    readonly pollingMs?: number;
    readonly memoryMb?: number;
  },
): Variant {
  const { name, settings = {}, pollingMs = POLLING_MS } = variant;
  return {
    name,
    memoryMb: variant.memoryMb ?? memoryMb,
    estimate: estimateWith(measured, settings, pollingMs),
  };
}

function estimateWith(
  measured: Measured,
  settings: Readonly<Record<string, string>>,
  pollingMs: number,
): Estimate {
  const account = { ImageStorage: "UseDevelopmentStorage=true" };
  const all = readSettings({ ...process.env, ...account, ...settings });
  return estimate(measured, all, assumptions, pollingMs / 1000);
}

function mapToObject(_: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}
