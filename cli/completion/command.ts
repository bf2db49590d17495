import type { Command } from "commander";
import { addHelp, type CommandContext } from "../command-context.ts";
import { CommandError } from "../command-error.ts";
import { SHELLS, writeCompletion } from "./scripts.ts";

/** Adds `completion SHELL`. */
export function addCompletionCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("completion")
    .summary("print a completion script for a shell")
    .description("Prints a script by which a shell completes commands, options and their values.")
    .argument("<SHELL>", SHELLS.join(", "));
  addHelp(
    command,
    [
      "vhd-to-image completion bash > ~/.local/share/bash-completion/completions/vhd-to-image",
      "vhd-to-image completion fish > ~/.config/fish/completions/vhd-to-image.fish",
      'eval "$(vhd-to-image completion zsh)"',
    ],
    ["success", "usage"],
  );
  command.action((text: string) => {
    const shell = SHELLS.find((known) => known === text);
    if (shell === undefined) {
      throw new CommandError(
        "usage",
        `SHELL must be one of ${SHELLS.join(", ")}, not ${JSON.stringify(text)}.`,
      );
    }
    context.stdout.write(writeCompletion(program, shell));
  });
}
