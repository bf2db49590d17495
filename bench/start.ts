import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { measureFirstRuns } from "./measure-first-runs.ts";
import { measureStarts } from "./measure-starts.ts";
import { formatReport, type StartBenchReport } from "./start-report.ts";
import { makeVariants } from "./start-variants.ts";

/**
 * `npm run bench:start -- [--runs N] [--first-runs N] [--json]`: how long the app takes to start, beside
 * the same app unbundled and an app with one empty function, and how long each function's first run
 * takes. Every start is a process of its own; the files are in memory.
 */
const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "15" },
    "first-runs": { type: "string", default: "5" },
    json: { type: "boolean", default: false },
  },
});
const { variants, child, remove } = await makeVariants();
try {
  // Starting needs settings, but no storage: nothing is sent before all functions are registered.
  const environment = { ...process.env, ImageStorage: "UseDevelopmentStorage=true" };
  const report: StartBenchReport = {
    node: process.version,
    machine: `${availableParallelism()} × ${cpus()[0]?.model ?? "unknown"}`,
    runs: Number(values.runs),
    starts: await measureStarts(variants, { child, environment }, Number(values.runs)),
    firstRuns: await measureFirstRuns(variants.package, child, Number(values["first-runs"])),
  };
  console.log(values.json ? JSON.stringify(report) : formatReport(report));
} finally {
  remove();
}
