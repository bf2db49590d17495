import type { Command } from "commander";
import { EXIT_CODES, type ExitReason } from "./exit-codes.ts";
import type { LocalWorld } from "./local-world.ts";
import type { Environment, OutputStream } from "./terminal.ts";

/** What a command has from outside: nothing else reads arguments or environment. */
export interface CommandContext {
  /** The result, and nothing else. */
  readonly stdout: OutputStream;
  /** Progress, notes and errors. */
  readonly stderr: OutputStream;
  readonly environment: Environment;
  /** Where relative paths start. */
  readonly folder: string;
  /** How the command is called here, for messages that can be pasted. */
  readonly name: string;
  /** The whole command line, quoted so that it can be pasted. */
  readonly commandLine: string;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Milliseconds; only differences count. */
  readonly now: () => number;
  /** Resolves after so many milliseconds; rejects when the command is interrupted. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** The local worlds that run, the latest first. */
  readonly localWorlds: () => Promise<readonly LocalWorld[]>;
  /** Outputs of the deployment that azd has selected in the folder; none without azd. */
  readonly azdValues: () => Promise<Environment>;
  /** Resource Manager, without a slash at its end. */
  readonly armEndpoint: string;
  /** A token for it, of the sign-in of Azure tools; rejects when there is none. */
  readonly armToken: () => Promise<string>;
  /** Sets the exit code. */
  readonly finish: (reason: ExitReason) => void;
}

/** Adds the example and the exit codes that every `--help` ends with. */
export function addHelp(
  command: Command,
  examples: readonly string[],
  reasons: readonly ExitReason[],
): Command {
  const codes = reasons.map(
    (reason) => `  ${String(EXIT_CODES[reason].code).padEnd(4)}${EXIT_CODES[reason].why}`,
  );
  const lines = ["", "Examples:", ...examples.map((text) => `  $ ${text}`), "", "Exit codes:"];
  return command.addHelpText("after", [...lines, ...codes].join("\n"));
}

/** Adds `--output` and `--json`, its short form. */
export function addOutputOptions(command: Command): Command {
  return command
    .addOption(
      command
        .createOption("--output <format>", "form of the result")
        .choices(["table", "json"])
        .default("table"),
    )
    .option("--json", "short for --output json");
}

/** Options that {@link addOutputOptions} adds. */
export interface OutputOptions {
  readonly output: "table" | "json";
  readonly json?: true;
}

/** Whether the result is JSON. */
export function wantsJson(options: OutputOptions): boolean {
  return options.json === true || options.output === "json";
}
