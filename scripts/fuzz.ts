import { parseArgs } from "node:util";
import { FUZZ_TARGETS } from "../test/fuzz/index.ts";
import type { FuzzOutcome } from "../test/fuzz/target.ts";

/**
 * `npm run fuzz -- --runs 20000 [--seed 1] [--target manifests]`: runs the fuzz targets that the tests
 * run too, only longer. Prints a line for each target as it ends, a table, and one line of JSON; exits
 * with 1 when a promise was broken.
 */
const USAGE = "usage: npm run fuzz -- [--runs N] [--seed N] [--target NAME]";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "500" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
    target: { type: "string" },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help) {
  console.log(`${USAGE}\ntargets: ${FUZZ_TARGETS.map(({ name }) => name).join(", ")}`);
  process.exit(0);
}
const runs = readNumber(values.runs, 1);
const seed = readNumber(values.seed, 0);
const targets = FUZZ_TARGETS.filter(({ name }) => (values.target ?? name) === name);
if (targets.length === 0) {
  throw new Error(
    `--target must be one of ${FUZZ_TARGETS.map(({ name }) => name).join(", ")}; ${USAGE}`,
  );
}

const outcomes: FuzzOutcome[] = [];
for (const target of targets) {
  const outcome = await target.run({ runs, seed });
  outcomes.push(outcome);
  console.error(
    `${target.name}: ${outcome.runs} runs, ${outcome.finding === null ? "no finding" : "a finding"}`,
  );
}

console.table(
  outcomes.map(({ target, finding, ...figures }) => ({
    target,
    ...figures,
    findings: finding === null ? 0 : 1,
  })),
);
for (const { target, finding } of outcomes) {
  if (finding !== null) console.error(`\n${target} (--seed ${seed}):\n${finding}`);
}
console.log(JSON.stringify({ seed, outcomes }));
process.exitCode = outcomes.every(({ finding }) => finding === null) ? 0 : 1;

function readNumber(text: string, minimum: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= minimum) return value;
  throw new Error(`'${text}' is not a whole number of at least ${minimum}; ${USAGE}`);
}
