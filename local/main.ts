import { EXIT, runCommand } from "./run-command.ts";
import { bypassProxy } from "./world/app-settings.ts";
import { HELP, readCommandLine } from "./world/command-line.ts";
import { leaveNote } from "./world/leave-note.ts";
import { formatReadyLine } from "./world/ready-line.ts";
import { createStopSignal, waitForAbort } from "./world/stop-signal.ts";
import { startWorld } from "./world/world.ts";

/** `npm run local`: starts the local world and keeps it until it is asked to stop or a part dies. */
async function main(): Promise<number> {
  const command = readCommandLine(process.argv.slice(2), process.env);
  if (command.kind === "help") {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  Object.assign(process.env, bypassProxy(process.env)); // before any storage client is made
  const signal = createStopSignal();
  process.stdout.on("error", () => {}); // a reader that went away must not end the world
  process.stderr.on("error", () => {});
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const onStarting = (part: string): void => log(`local   | starting ${part}`);
  const world = await startWorld({ ...command, log, onStarting, signal });
  const removeNote = await leaveNote(world, log);
  try {
    process.stdout.write(`${formatReadyLine(world)}\n`);
    log("local   | ready, Ctrl-C stops");
    const death = await Promise.race([world.died, waitForAbort(signal)]);
    if (death !== undefined) throw death;
    log("local   | stopping");
    return EXIT.done;
  } finally {
    await removeNote();
    await world.close();
  }
}

await runCommand(main, { prefix: "local   | ", interrupted: EXIT.done });
