import type { Command, Option } from "commander";

/** Shells for which there is a script. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** A completion script, made from the commands and options that the program has. */
export function writeCompletion(program: Command, shell: Shell): string {
  if (shell === "fish") return writeFish(program);
  const bash = writeBash(program);
  return shell === "bash" ? bash : `autoload -U +X bashcompinit && bashcompinit\n${bash}`;
}

function listFlags({ options }: Command): readonly string[] {
  return [...options.flatMap(({ long }) => (long ? [long] : [])), "--help"];
}

function listChoices(program: Command): readonly Option[] {
  const all = program.commands.flatMap(({ options }) => options);
  const choices = all.filter(({ argChoices }) => argChoices !== undefined);
  return choices.filter(
    (option, index) => choices.findIndex(({ long }) => long === option.long) === index,
  );
}

function writeBash(program: Command): string {
  const name = program.name();
  const commands = program.commands.map((command) => command.name());
  return [
    "_vhd_to_image() {",
    `  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=""`,
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    COMPREPLY=($(compgen -W "${[...commands, "help"].join(" ")} --help --version" -- "$current"))`,
    "    return",
    "  fi",
    '  case "$previous" in',
    ...listChoices(program).map(
      ({ long, argChoices }) => `    ${long}) words="${argChoices?.join(" ")}" ;;`,
    ),
    "  esac",
    '  if [ -n "$words" ]; then',
    '    COMPREPLY=($(compgen -W "$words" -- "$current"))',
    "    return",
    "  fi",
    '  case "$current" in',
    "    -*)",
    `      case "\${COMP_WORDS[1]}" in`,
    ...program.commands.map(
      (command) => `        ${command.name()}) words="${listFlags(command).join(" ")}" ;;`,
    ),
    "      esac",
    '      COMPREPLY=($(compgen -W "$words" -- "$current"))',
    "      ;;",
    '    *) COMPREPLY=($(compgen -f -- "$current")) ;;',
    "  esac",
    "}",
    `complete -o filenames -F _vhd_to_image ${name}`,
    "",
  ].join("\n");
}

function writeFish(program: Command): string {
  const name = program.name();
  const text = (words: string): string => `'${words.replaceAll(/['\\]/g, "\\$&")}'`;
  return [
    ...program.commands.map(
      (command) =>
        `complete -c ${name} -n __fish_use_subcommand -a ${command.name()} -d ${text(command.summary() || command.description())}`,
    ),
    ...program.commands.flatMap((command) =>
      command.options.map(({ long, description, argChoices, required }) => {
        const values = argChoices === undefined ? "" : ` -a ${text(argChoices.join(" "))}`;
        const argument = required ? " -r" : "";
        return `complete -c ${name} -n '__fish_seen_subcommand_from ${command.name()}' -l ${long?.slice(2)} -d ${text(description)}${argument}${values}`;
      }),
    ),
    "",
  ].join("\n");
}
