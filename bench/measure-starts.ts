import { rmSync } from "node:fs";
import { join } from "node:path";
import { type ChildOptions, startOnce } from "./run-child.ts";
import type { StartReport } from "./start-child.ts";
import type { StartVariants } from "./start-variants.ts";
import { type Summary, summarize } from "./statistics.ts";

/** How the start of one variant went. Milliseconds; bytes. */
export interface StartResult {
  readonly name: string;
  readonly registered: Summary;
  readonly entry: Summary;
  readonly registeredBytes: Summary;
}

interface Candidate {
  readonly name: string;
  readonly app: string;
  readonly options: ChildOptions;
  readonly reports: StartReport[];
}

/** Starts every variant in turn, again and again, so that what else the machine does hits all alike. */
export async function measureStarts(
  variants: StartVariants,
  { child, environment }: ChildOptions,
  runs: number,
): Promise<readonly StartResult[]> {
  const cache = join(variants.package, "compile-cache");
  const cached = { child, environment: { ...environment, NODE_COMPILE_CACHE: cache } };
  // As on a new instance.
  const options = { child, environment: { ...environment, NODE_DISABLE_COMPILE_CACHE: "1" } };
  const candidates: readonly Candidate[] = [
    { name: "this package", app: variants.package, options, reports: [] },
    { name: "  with a full compile cache", app: variants.package, options: cached, reports: [] },
    { name: "the same app in one file", app: variants.oneFile, options, reports: [] },
    { name: "(a) the same app unbundled", app: variants.unbundled, options, reports: [] },
    { name: "(b) one empty HTTP function", app: variants.empty, options, reports: [] },
  ];
  // Once without counting: the files come into memory, and the compile cache is filled.
  for (const { app, options } of candidates) await startOnce(app, options);
  for (let run = 0; run < runs; run += 1) {
    for (const { app, options, reports } of candidates) reports.push(await startOnce(app, options));
  }
  rmSync(cache, { recursive: true, force: true });
  return candidates.map(({ name, reports }) => ({
    name,
    registered: summarize(reports.map(({ registeredMs }) => registeredMs)),
    entry: summarize(reports.map(({ entryMs }) => entryMs)),
    registeredBytes: summarize(reports.map(({ registeredBytes }) => registeredBytes)),
  }));
}
