import { bypassProxy } from "./world/app-settings.ts";
import { HELP, readCommandLine } from "./world/command-line.ts";
import { formatReadyLine } from "./world/ready-line.ts";
import { createStopSignal, StopRequestedError, waitForAbort } from "./world/stop-signal.ts";
import { startWorld } from "./world/world.ts";

/** `npm run local`: starts the local world and keeps it until it is asked to stop or a part dies. */
async function main(): Promise<void> {
  const command = readCommandLine(process.argv.slice(2), process.env);
  if (command.kind === "help") {
    process.stdout.write(HELP);
    return;
  }
  Object.assign(process.env, bypassProxy(process.env)); // before any storage client is made
  const signal = createStopSignal();
  process.stdout.on("error", () => {}); // a reader that went away must not end the world
  process.stderr.on("error", () => {});
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const world = await startWorld({ ...command, log, signal });
  try {
    process.stdout.write(`${formatReadyLine(world)}\n`);
    log("local   | ready, Ctrl-C stops");
    const death = await Promise.race([world.died, waitForAbort(signal)]);
    if (death !== undefined) throw death;
    log("local   | stopping");
  } finally {
    await world.close();
  }
}

await main().then(
  () => process.exit(0),
  (error: unknown) => {
    if (error instanceof StopRequestedError) process.exit(0);
    process.stderr.write(`local   | ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
