import { performance } from "node:perf_hooks";
import { endedAsExpected, type Row } from "./demo/board.ts";
import { renderGoOn } from "./demo/go-on.ts";
import { type DemoOptions, HELP, readDemoOptions } from "./demo/options.ts";
import { planOwnVhd } from "./demo/own-vhd.ts";
import { buildReport } from "./demo/report.ts";
import { runDemo } from "./demo/run-demo.ts";
import { createPlan } from "./demo/sample-plan.ts";
import { createScreen, type Screen } from "./demo/screen.ts";
import { createPaint, type Paint, wantsColours } from "./demo/style.ts";
import { renderSummary } from "./demo/summary.ts";
import { formatSeconds } from "./demo/table.ts";
import { bypassProxy } from "./world/app-settings.ts";
import { startWorld, type World } from "./world/index.ts";
import { createStopSignal, StopRequestedError, waitForAbort } from "./world/stop-signal.ts";

type Stage = {
  readonly options: DemoOptions;
  readonly screen: Screen;
  readonly paint: Paint;
  readonly signal: AbortSignal;
};

/** `npm run demo`: returns the exit code. */
async function main(): Promise<number> {
  const options = readDemoOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  Object.assign(process.env, bypassProxy(process.env)); // before any storage client is made
  const output = options.json ? process.stderr : process.stdout;
  const paint = createPaint(wantsColours(output, process.env));
  const stage = { options, paint, screen: createScreen(output), signal: createStopSignal() };
  const own = options.own === undefined ? undefined : await planOwnVhd(options.own);
  const plan = createPlan(own);
  const startedAt = performance.now();
  const seconds = (): number => (performance.now() - startedAt) / 1000;

  const world = await openWorld(stage);
  try {
    stage.screen.print(`  ${paint("good", "✓")} local world ready in ${formatSeconds(seconds())}`);
    const now = (): number => performance.now();
    const rows = await runDemo({ ...stage, world, plan, now });
    await showResults(stage, world, rows, seconds());
    return rows.every(endedAsExpected) ? 0 : 1;
  } finally {
    await world.close();
  }
}

function openWorld({ options, paint, screen, signal }: Stage): Promise<World> {
  screen.print(
    `\n  ${paint("strong", "vhd-to-image")}  six requests: five images and one refusal\n`,
  );
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  return startWorld({ signal, ...(options.verbose ? { log } : {}) });
}

async function showResults(
  { options, screen, paint, signal }: Stage,
  world: World,
  rows: readonly Row[],
  seconds: number,
): Promise<void> {
  for (const line of renderSummary(rows, seconds, paint)) screen.print(line);
  if (options.json) {
    process.stdout.write(`${JSON.stringify(buildReport(rows, seconds), null, 2)}\n`);
  }
  if (options.keep) {
    for (const line of renderGoOn(world, rows, paint)) screen.print(line);
    const death = await Promise.race([world.died, waitForAbort(signal)]);
    if (death !== undefined) throw death;
  }
}

await main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (error instanceof StopRequestedError) process.exit(130);
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
