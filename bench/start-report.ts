import type { FirstRunResult } from "./measure-first-runs.ts";
import type { StartResult } from "./measure-starts.ts";
import type { Summary } from "./statistics.ts";
import { formatTable } from "./text-table.ts";

/** What `npm run bench:start` measured. */
export interface StartBenchReport {
  readonly node: string;
  readonly machine: string;
  readonly runs: number;
  /** The last one is the empty app, which the ratios are to. */
  readonly starts: readonly StartResult[];
  readonly firstRuns: readonly FirstRunResult[];
}

const BYTES_PER_MB = 1e6;

/** The report as two tables of text. */
export function formatReport({ node, machine, runs, starts, firstRuns }: StartBenchReport): string {
  const base = starts.at(-1);
  if (base === undefined) throw new RangeError("nothing was started");
  const ratio = (part: Summary, whole: Summary): string =>
    `${(part.median / whole.median).toFixed(2)} ×`;
  return [
    `Node ${node}, ${machine}; ${runs} runs in turn; median (p95), ratio of the medians to (b)`,
    "",
    ...formatTable([
      ["start of", "process to registered", "", "entry to registered", "", "resident"],
      ...starts.map(({ name, registered, entry, registeredBytes }) => [
        name,
        formatMs(registered),
        ratio(registered, base.registered),
        formatMs(entry),
        ratio(entry, base.entry),
        formatMb(registeredBytes),
      ]),
    ]),
    "",
    ...formatTable([
      ["first run of", "from call to result", "resident"],
      ...firstRuns.map(({ name, firstRun, afterRunBytes }) => [
        name,
        formatMs(firstRun),
        formatMb(afterRunBytes),
      ]),
    ]),
  ].join("\n");
}

function formatMs({ median, p95 }: Summary): string {
  return `${median.toFixed(1)} ms (${p95.toFixed(1)})`;
}

function formatMb({ median }: Summary): string {
  return `${(median / BYTES_PER_MB).toFixed(0)} MB`;
}
