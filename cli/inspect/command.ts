import { basename } from "node:path";
import type { Command } from "commander";
import { DiskReadError } from "../../shared/disk/disk-reader.ts";
import { nameFix } from "../../shared/disk/format/name-fix.ts";
import { inspectDisk } from "../../shared/disk/inspect-disk.ts";
import { GENERATIONS, type Generation } from "../../shared/vocabulary.ts";
import {
  addHelp,
  addOutputOptions,
  type CommandContext,
  type OutputOptions,
  wantsJson,
} from "../command-context.ts";
import { CommandError } from "../command-error.ts";
import { findBlobTypeProblem } from "./blob-type.ts";
import { openSource } from "./open-source.ts";
import { renderFinding } from "./render.ts";

interface InspectOptions extends OutputOptions {
  readonly data?: true;
  readonly generation?: Generation;
}

/** Adds `inspect FILE|URL`. */
export function addInspectCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("inspect")
    .summary("report what a disk is, and whether Azure accepts it")
    .description(
      "Reads a disk by ranges, at most 12 reads and 256 KiB, and reports what it is: format, partitions, file systems, operating system, Hyper-V generation.",
    )
    .argument("<FILE|URL>", "a file, or the URL of a blob, with a SAS if it needs one")
    .option("--data", "the disk is for a data disk; an OS disk otherwise")
    .addOption(
      program
        .createOption(
          "--generation <GEN>",
          "requested generation; decides how large an OS disk may be",
        )
        .choices(GENERATIONS)
        .argParser((text) => readGeneration(text)),
    );
  addOutputOptions(command);
  addHelp(
    command,
    [`${context.name} inspect web.vhd`, `${context.name} inspect data.vhd --data --json`],
    ["success", "refused", "usage", "unreachable"],
  );
  command.action(async (source: string, options: InspectOptions) => {
    context.finish((await inspect(source, options, context)) ? "success" : "refused");
  });
}

/** Prints the finding. Returns whether Azure would accept the disk. */
async function inspect(
  source: string,
  options: InspectOptions,
  context: CommandContext,
): Promise<boolean> {
  const { name, reader, blobType, close } = await openSource(source, context.folder);
  try {
    const role = options.data ? "data" : "os";
    const { generation } = options;
    const finding = await inspectDisk(reader, { role, ...(generation && { generation }) });
    const problem = findBlobTypeProblem(blobType, role) ?? finding.problem;
    // As it was typed: the commands are to be run from there. A URL may hold a SAS.
    const file = /^https?:/i.test(source) ? basename(name) : source;
    const named = problem && { ...problem, fix: nameFix(problem.fix, file) };
    const result = { ...finding, problem: named };
    context.stdout.write(
      wantsJson(options) ? `${JSON.stringify(result, null, 2)}\n` : renderFinding(name, result),
    );
    return problem === null;
  } catch (error) {
    if (error instanceof DiskReadError)
      throw new CommandError("usage", `${name}: ${error.message}`);
    throw error;
  } finally {
    await close();
  }
}

function readGeneration(text: string): Generation {
  const generation = GENERATIONS.find((known) => known === text.toUpperCase());
  if (generation !== undefined) return generation;
  throw new CommandError("usage", `--generation must be V1 or V2, not ${JSON.stringify(text)}.`);
}
