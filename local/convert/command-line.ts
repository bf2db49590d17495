import { parseArgs } from "node:util";
import type { DiskRole } from "../../shared/disk/finding.ts";

export type ConvertCommand =
  | { readonly kind: "help" }
  | { readonly kind: "check"; readonly source: string; readonly role: DiskRole }
  | {
      readonly kind: "convert";
      readonly source: string;
      readonly target: string;
      readonly role: DiskRole;
      readonly overwrite: boolean;
    };

export const USAGE = `npm run --silent convert -- IN OUT.vhd [options]
npm run --silent convert -- IN --check

Converts a disk to a fixed VHD that Azure accepts. IN: a dynamic or fixed VHD, VHDX, qcow2, VMDK
(monolithicSparse, streamOptimized), VDI, raw disk, or an OVA with one disk; each also as .gz, .xz or
.zst. The content decides, not the name. IN is never changed.

  --check       report what IN is and what would be converted; write nothing
  --overwrite   replace OUT.vhd if it exists
  --data        check the size limit of a data disk (default: of an OS disk)
  --help        this text

Exit code 0: converted, or convertible. 1: the disk cannot be converted, or Azure would refuse the
result. 2: wrong usage, or a file cannot be read or written.
`;

/** Thrown when the command line cannot be understood. */
export class ConvertUsageError extends Error {
  override readonly name = "ConvertUsageError";
}

/**
 * Reads the command line.
 * @throws ConvertUsageError for an unknown option, or a wrong number of files.
 */
export function readConvertCommand(args: readonly string[]): ConvertCommand {
  const { values, positionals } = parse(args);
  if (values.help === true) return { kind: "help" };
  const [source, target, ...others] = positionals;
  const role = values.data === true ? "data" : "os";
  if (source === undefined) throw new ConvertUsageError(`IN is missing\n\n${USAGE}`);
  if (values.check === true) {
    if (target !== undefined) {
      throw new ConvertUsageError(`--check takes only IN: it writes nothing\n\n${USAGE}`);
    }
    return { kind: "check", source, role };
  }
  if (target === undefined) throw new ConvertUsageError(`OUT.vhd is missing\n\n${USAGE}`);
  if (others.length > 0) throw new ConvertUsageError(`too many files\n\n${USAGE}`);
  return { kind: "convert", source, target, role, overwrite: values.overwrite === true };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        check: { type: "boolean" },
        overwrite: { type: "boolean" },
        data: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConvertUsageError(`${reason}\n\n${USAGE}`, { cause });
  }
}
