import { resolve } from "node:path";
import type { Command } from "commander";
import { DiskReadError } from "../../shared/disk/disk-reader.ts";
import { RefusedDiskError } from "../../shared/disk/maps/refusal.ts";
import { UnpackError } from "../../shared/unpack.ts";
import { addHelp, type CommandContext } from "../command-context.ts";
import { CommandError } from "../command-error.ts";
import { ConvertError } from "./convert-error.ts";
import { renderRefusal } from "./report.ts";

interface ConvertOptions {
  readonly check?: true;
  readonly overwrite?: boolean;
  readonly data?: true;
}

/** Adds `convert FILE OUT.vhd`. */
export function addConvertCommand(program: Command, context: CommandContext): void {
  const { name } = context;
  const command = program
    .command("convert")
    .summary("convert a disk to a fixed VHD that Azure accepts")
    .description(
      "Converts a dynamic or fixed VHD, VHDX, qcow2, VMDK (monolithicSparse, streamOptimized), VDI, raw disk, or an OVA with one disk; each also as .gz, .xz or .zst. The content decides, not the name. FILE is never changed.",
    )
    .argument("<FILE>", "the disk")
    .argument("[OUT.vhd]", "the VHD to write; left out with --check")
    .option("--check", "report what FILE is and what there is to convert; write nothing")
    .option("--overwrite", "replace OUT.vhd if it exists")
    .option("--data", "the disk is for a data disk; for an OS disk otherwise");
  addHelp(
    command,
    [`${name} convert web.vhdx web.vhd`, `${name} convert web.qcow2.xz --check`],
    ["success", "refused", "usage", "interrupted"],
  );
  command.action(
    async (source: string, target: string | undefined, options: ConvertOptions, self: Command) => {
      const hint = `Run \`${name} ${self.name()} --help\` for its options.`;
      if (options.check === true && target !== undefined) {
        throw new CommandError("usage", `--check takes FILE only, it writes nothing.\n${hint}`);
      }
      if (options.check !== true && target === undefined) {
        throw new CommandError("usage", `missing required argument 'OUT.vhd'\n${hint}`);
      }
      context.finish((await convert(source, target, options, context)) ? "success" : "refused");
    },
  );
}

/** Checks the disk, and converts it when there is a target. Returns whether Azure accepts the result. */
async function convert(
  shown: string,
  target: string | undefined,
  { data, overwrite = false }: ConvertOptions,
  { folder, stdout, stderr, now, signal }: CommandContext,
): Promise<boolean> {
  // Loaded when it is needed: the formats and what unpacks them.
  const { runConvert } = await import("./run-convert.ts");
  const source = resolve(folder, shown);
  const role = data ? "data" : "os";
  const paths =
    target === undefined
      ? ({ kind: "check", source, shown, role } as const)
      : ({
          kind: "convert",
          source,
          shown,
          target: resolve(folder, target),
          role,
          overwrite,
        } as const);
  try {
    return (await runConvert(paths, { out: stdout, progress: stderr, now, signal })) === 0;
  } catch (error) {
    if (error instanceof RefusedDiskError) {
      throw new CommandError("refused", renderRefusal(shown, error.refusal).trimEnd());
    }
    if (error instanceof UnpackError) {
      throw new CommandError("refused", `${shown}: ${error.message}.\nTransfer the file again.`);
    }
    if (error instanceof ConvertError || error instanceof DiskReadError) {
      throw new CommandError("usage", error.message);
    }
    throw error;
  }
}
