import type { Command } from "commander";
import { addAppOptions } from "../app/app-access.ts";
import { addHelp, addOutputOptions, type CommandContext } from "../command-context.ts";
import { addUploadOptions, type UploadOptions } from "./upload-options.ts";

/** Options as they were given: there may be no data disk. */
type GivenOptions = Omit<UploadOptions, "data"> & Partial<Pick<UploadOptions, "data">>;

/** Adds `upload FILE…`. */
export function addUploadCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("upload")
    .summary("upload disks, and follow their images until they are ready")
    .description(
      "Inspects the disks, uploads them, and follows the request until the image is ready. Each FILE becomes an image of its own, unless --data or --manifest joins them. An upload that was interrupted is resumed by the same command.",
    )
    .argument("<FILE...>", "disks: VHD, VHDX, qcow2, VMDK, VDI, OVA or raw");
  addAppOptions(addOutputOptions(addUploadOptions(command)));
  const { name } = context;
  addHelp(
    command,
    [
      `${name} upload web.vhd`,
      `${name} upload web.vhd --data 1=logs.vhd --name web --os-type Linux`,
      `${name} upload web.vhdx --gallery images/ubuntu`,
      `${name} upload web.qcow2.xz --convert-here`,
      `${name} upload web.vhd logs.vhd --manifest web.json --no-wait --json`,
    ],
    ["success", "refused", "usage", "unreachable", "running", "interrupted"],
  );
  command.action(async (files: readonly string[], given: GivenOptions) => {
    const options: UploadOptions = { data: [], ...given };
    // Loaded when it is needed: the storage library takes longer than any other command does.
    const { runUpload } = await import("./run-upload.ts");
    context.finish(await runUpload(files, options, context));
  });
}
