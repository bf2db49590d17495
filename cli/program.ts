import { Command, CommanderError } from "commander";
import { addCancelCommand, addRetryCommand } from "./actions/commands.ts";
import { addBoardCommand } from "./board/board-command.ts";
import type { CommandContext } from "./command-context.ts";
import { addHelp } from "./command-context.ts";
import { CommandError } from "./command-error.ts";
import { addCompletionCommand } from "./completion/command.ts";
import { addConvertCommand } from "./convert/command.ts";
import { EXIT_CODES, type ExitReason } from "./exit-codes.ts";
import { addInspectCommand } from "./inspect/command.ts";
import { addPlanCommand } from "./plan/command.ts";
import { addStatusCommand } from "./status/status-command.ts";
import { addWatchCommand } from "./status/watch-command.ts";
import { breakLines, createPaint, quote } from "./terminal.ts";
import { addUploadCommand } from "./upload/upload-command.ts";

/** The commands, in the order of the help; each adds itself to the program. */
const COMMANDS = [
  addConvertCommand,
  addInspectCommand,
  addUploadCommand,
  addPlanCommand,
  addStatusCommand,
  addWatchCommand,
  addCancelCommand,
  addRetryCommand,
  addBoardCommand,
  addCompletionCommand,
] as const;

/** Ways in which commander ends that are not mistakes. */
const HELP_CODES = ["commander.help", "commander.helpDisplayed", "commander.version"];

/**
 * Runs one command line, without the name of the command itself. Returns the exit code; every error
 * that was foreseen is on the error stream by then.
 */
export async function runCommandLine(
  args: readonly string[],
  version: string,
  outside: Omit<CommandContext, "finish" | "commandLine">,
): Promise<number> {
  let end: ExitReason = "success";
  const finish = (reason: ExitReason): void => {
    end = reason;
  };
  const commandLine = [outside.name, ...args.map(quote)].join(" ");
  const program = createProgram(version, { ...outside, commandLine, finish });
  try {
    await program.parseAsync([...args], { from: "user" });
    return EXIT_CODES[outside.signal.aborted ? "interrupted" : end].code;
  } catch (error) {
    if (outside.signal.aborted) return EXIT_CODES.interrupted.code;
    if (error instanceof CommanderError) {
      const isHelp = args.length > 0 && HELP_CODES.includes(error.code);
      return isHelp ? 0 : EXIT_CODES.usage.code;
    }
    if (!(error instanceof CommandError)) throw error;
    outside.stderr.write(`${breakLines(error.message, outside.stderr)}\n`);
    return EXIT_CODES[error.reason].code;
  }
}

/** The command with all its subcommands; the completion script is made from it too. */
export function createProgram(version: string, context: CommandContext): Command {
  const { stdout, stderr, environment, name } = context;
  const paint = createPaint(stderr, environment);
  const program = new Command("vhd-to-image")
    .description("Turns disks into Azure virtual machine images.")
    .version(version)
    .helpCommand("help [command]", "show the help of a command")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: (text, write) => write(paint("bad", text.replace(/^error: /, ""))),
      getOutHelpWidth: () => stdout.columns ?? 80,
      getErrHelpWidth: () => stderr.columns ?? 80,
    });
  addHelp(
    program,
    [`${name} inspect web.vhd`, `${name} upload web.vhd`, `${name} watch web.vhd`],
    Object.keys(EXIT_CODES) as ExitReason[],
  );
  for (const add of COMMANDS) add(program, context);
  for (const command of program.commands) {
    command.showHelpAfterError(`Run \`${name} ${command.name()} --help\` for its options.`);
  }
  return program.showHelpAfterError(`Run \`${name} --help\` for the commands.`);
}
