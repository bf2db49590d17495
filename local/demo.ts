import { performance } from "node:perf_hooks";
import type { Row } from "./demo/board.ts";
import { endedAsExpected } from "./demo/expectation.ts";
import { renderGoOn } from "./demo/go-on.ts";
import { interruptConversion } from "./demo/interrupt-conversion.ts";
import { type DemoOptions, HELP, readDemoOptions } from "./demo/options.ts";
import { planOwnVhd } from "./demo/own-vhd.ts";
import { gallerySettings, prepareGallery } from "./demo/prepare-gallery.ts";
import { buildReport } from "./demo/report.ts";
import { runDemo } from "./demo/run-demo.ts";
import { CONVERTED_UPLOAD, createPlan, takenNames } from "./demo/sample-plan.ts";
import { createScreen, type Screen } from "./demo/screen.ts";
import { createPaint, type Paint, wantsColours } from "./demo/style.ts";
import { renderSummary } from "./demo/summary.ts";
import { renderClock } from "./demo/table.ts";
import { EXIT, runCommand } from "./run-command.ts";
import { bypassProxy } from "./world/app-settings.ts";
import { startWorld, type World } from "./world/index.ts";
import { createStopSignal, waitForAbort } from "./world/stop-signal.ts";

type Stage = {
  readonly options: DemoOptions;
  readonly screen: Screen;
  readonly paint: Paint;
  readonly signal: AbortSignal;
  /** Seconds since the demo began. */
  readonly elapsed: () => number;
};

/** `npm run demo`: returns the exit code. */
async function main(): Promise<number> {
  const options = readDemoOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  Object.assign(process.env, bypassProxy(process.env)); // before any storage client is made
  const startedAt = performance.now();
  const elapsed = (): number => (performance.now() - startedAt) / 1000;
  const output = options.json ? process.stderr : process.stdout;
  const paint = createPaint(wantsColours(output, process.env));
  const stage = {
    options,
    paint,
    elapsed,
    screen: createScreen(output),
    signal: createStopSignal(),
  };
  const own = options.own === undefined ? undefined : await planOwnVhd(options.own, takenNames());
  const plan = createPlan(own);
  stage.screen.print(
    `\n  ${paint("strong", "vhd-to-image")}  eight requests: six images, an image version, one refusal`,
  );
  if (own !== undefined) stage.screen.print(`  ${own.summary}`);
  stage.screen.print("");

  const world = await openWorld(stage);
  try {
    const now = (): number => performance.now();
    const rows = await runDemo({ ...stage, world, plan, now });
    await showResults(stage, world, rows);
    return rows.every(endedAsExpected) ? EXIT.done : EXIT.failed;
  } finally {
    await world.close();
  }
}

async function openWorld({ options, screen, signal, elapsed }: Stage): Promise<World> {
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const onStarting = (part: string): void =>
    screen.print(`${renderClock(elapsed())}starting ${part}`);
  const world = await startWorld({
    signal,
    onStarting,
    settings: gallerySettings(process.env),
    ...(options.verbose ? { log } : {}),
  });
  try {
    await prepareGallery(world.arm, process.env);
    await interruptConversion(world.storage.blob, CONVERTED_UPLOAD);
  } catch (error) {
    await world.close();
    throw error;
  }
  screen.print(`${renderClock(elapsed())}ready`);
  return world;
}

async function showResults(
  { options, screen, paint, signal, elapsed }: Stage,
  world: World,
  rows: readonly Row[],
): Promise<void> {
  const seconds = elapsed();
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

await runCommand(main);
