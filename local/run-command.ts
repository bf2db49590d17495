import { explainFailure } from "./explain-failure.ts";
import { UsageError } from "./usage-error.ts";
import { StopRequestedError } from "./world/stop-signal.ts";

/** Exit codes of the commands of this repository. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

export interface CommandOptions {
  /** Stands before what is printed of a failure. */
  readonly prefix?: string;
  /** Exit code for a command that somebody stopped; 130 unless stopping is how it ends. */
  readonly interrupted?: number;
}

/** Runs a command as the whole process: what it returns, or the kind of its failure, is the exit code. */
export async function runCommand(
  main: () => Promise<number>,
  { prefix = "", interrupted = EXIT.interrupted }: CommandOptions = {},
): Promise<never> {
  try {
    process.exit(await main());
  } catch (error) {
    if (error instanceof StopRequestedError) process.exit(interrupted);
    process.stderr.write(`${prefix}${explainFailure(error)}\n`);
    process.exit(error instanceof UsageError ? EXIT.usage : EXIT.failed);
  }
}
