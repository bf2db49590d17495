import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { StartReport } from "./start-child.ts";
import type { Run } from "./trigger-data.ts";

const execute = promisify(execFile);

/** How a child is started: the program, and the environment that the app reads its settings from. */
export interface ChildOptions {
  readonly child: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Starts an app in a process of its own, has it run a function if told to, and returns what it took. */
export async function startOnce(
  app: string,
  { child, environment }: ChildOptions,
  run?: Run,
): Promise<StartReport> {
  const args = [child, app, ...(run === undefined ? [] : [JSON.stringify(run)])];
  const { stdout } = await execute(process.execPath, args, { env: { ...environment } });
  return JSON.parse(stdout) as StartReport;
}
