import { createWriteStream } from "node:fs";
import { HELP, readChaosCommand } from "./chaos/options.ts";
import { formatResult, renderResult } from "./chaos/report.ts";
import { runChaos } from "./chaos/run-chaos.ts";
import { EXIT, runCommand } from "./run-command.ts";
import { bypassProxy } from "./world/app-settings.ts";
import { createStopSignal } from "./world/stop-signal.ts";

/** `npm run chaos`: returns the exit code. */
async function main(): Promise<number> {
  const command = readChaosCommand(process.argv.slice(2));
  if (command.kind === "help") {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  Object.assign(process.env, bypassProxy(process.env)); // before any storage client is made
  const report = (line: string): void => void process.stderr.write(`${line}\n`);
  const { logFile, ...run } = command;
  const file = logFile === undefined ? undefined : createWriteStream(logFile);
  const log = (line: string): void => void file?.write(`${line}\n`);
  const result = await runChaos({ ...run, report, log, signal: createStopSignal() });
  for (const line of renderResult(result)) report(line);
  process.stdout.write(`${formatResult(result)}\n`);
  return result.ok ? EXIT.done : EXIT.failed;
}

await runCommand(main);
