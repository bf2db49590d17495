import { createWriteStream } from "node:fs";
import { HELP, readChaosCommand } from "./chaos/options.ts";
import { formatResult, renderResult } from "./chaos/report.ts";
import { runChaos } from "./chaos/run-chaos.ts";
import { bypassProxy } from "./world/app-settings.ts";
import { createStopSignal, StopRequestedError } from "./world/stop-signal.ts";

/** `npm run chaos`: returns the exit code. */
async function main(): Promise<number> {
  const command = readChaosCommand(process.argv.slice(2));
  if (command.kind === "help") {
    process.stdout.write(HELP);
    return 0;
  }
  Object.assign(process.env, bypassProxy(process.env)); // before any storage client is made
  const report = (line: string): void => void process.stderr.write(`${line}\n`);
  const { logFile, ...run } = command;
  const file = logFile === undefined ? undefined : createWriteStream(logFile);
  const log = (line: string): void => void file?.write(`${line}\n`);
  const result = await runChaos({ ...run, report, log, signal: createStopSignal() });
  for (const line of renderResult(result)) report(line);
  process.stdout.write(`${formatResult(result)}\n`);
  return result.ok ? 0 : 1;
}

await main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (error instanceof StopRequestedError) process.exit(130);
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
