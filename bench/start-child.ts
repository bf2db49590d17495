import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { loadApp } from "../local/functions-host/app-loader.ts";
import { type CoreModule, createCoreModule } from "../local/functions-host/core-module.ts";
import { classifyFunctions } from "../local/functions-host/functions.ts";
import { callWorker } from "../local/functions-host/worker.ts";
import { type Run, toTriggerData } from "./trigger-data.ts";

/**
 * Starts one app in this process as the Functions worker does, runs one function if told to, and
 * prints a {@link StartReport}. Usage: node index.cjs APP [RUN as JSON]
 */

/** What one start took. Milliseconds; bytes. */
export interface StartReport {
  /** From the start of the process until it can load the app: Node's own part. */
  readonly bootMs: number;
  /** From there until all functions are registered. */
  readonly entryMs: number;
  /** From the start of the process until all functions are registered. */
  readonly registeredMs: number;
  readonly functions: number;
  /** Files that were loaded until then, relative to the app's folder. */
  readonly loadedFiles: readonly string[];
  readonly registeredBytes: number;
  readonly firstRunMs: number | null;
  readonly afterRunBytes: number | null;
}

async function main([app = ".", run]: readonly string[]): Promise<void> {
  const core = createCoreModule(() => undefined);
  const bootMs = performance.now();
  await loadApp(app, core, (_level, _category, message) => {
    // An app without functions would be the fastest of all.
    throw new Error(message);
  });
  const registeredMs = performance.now();
  const registered = {
    bootMs,
    entryMs: registeredMs - bootMs,
    registeredMs,
    functions: core.functions.size,
    loadedFiles: listLoadedFiles(app),
    registeredBytes: process.memoryUsage.rss(),
  };
  const firstRunMs = run === undefined ? null : await runFunction(core, JSON.parse(run) as Run);
  const afterRunBytes = run === undefined ? null : process.memoryUsage.rss();
  print({ ...registered, firstRunMs, afterRunBytes });
}

function listLoadedFiles(app: string): readonly string[] {
  const { cache } = createRequire(join(app, "package.json"));
  return Object.keys(cache)
    .map((file) => relative(app, file))
    .filter((file) => !file.startsWith(".."));
}

async function runFunction(core: CoreModule, run: Run): Promise<number> {
  const target = classifyFunctions(core.functions.values()).find(({ name }) => name === run.name);
  if (target === undefined) throw new Error(`the app has no function '${run.name}'`);
  const start = performance.now();
  await callWorker(core, () => undefined, target, toTriggerData(run), "first-run");
  return performance.now() - start;
}

function print(report: StartReport): void {
  // The app would go on: it prepares its storage in the background.
  process.stdout.write(JSON.stringify(report), () => process.exit(0));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
