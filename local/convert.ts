import { resolve } from "node:path";
import { DiskReadError } from "../shared/disk/disk-reader.ts";
import { RefusedDiskError } from "../shared/disk/maps/refusal.ts";
import { UnpackError } from "../shared/unpack.ts";
import { ConvertUsageError, readConvertCommand, USAGE } from "./convert/command-line.ts";
import { ConvertError } from "./convert/convert-error.ts";
import { renderRefusal } from "./convert/report.ts";
import { runConvert } from "./convert/run-convert.ts";

const INTERRUPTED = 130;

/**
 * `npm run --silent convert -- IN OUT.vhd`: converts a disk to a fixed VHD. Exit code 0: done. 1: the
 * disk cannot be converted, or Azure would refuse the result. 2: wrong usage, or a file cannot be read
 * or written.
 */
async function main(args: readonly string[]): Promise<number> {
  const command = readConvertCommand(args);
  if (command.kind === "help") {
    process.stdout.write(USAGE);
    return 0;
  }
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  process.once("SIGINT", stop).once("SIGTERM", stop);
  const source = resolve(callerFolder(), command.source);
  const paths =
    command.kind === "check"
      ? { source }
      : { source, target: resolve(callerFolder(), command.target) };
  try {
    const tools = {
      out: process.stdout,
      progress: process.stderr,
      now: () => performance.now(),
      signal: abort.signal,
    };
    return await runConvert({ ...command, ...paths }, tools);
  } catch (error) {
    if (abort.signal.aborted) return INTERRUPTED;
    if (error instanceof RefusedDiskError) {
      process.stderr.write(renderRefusal(command.source, error.refusal));
      return 1;
    }
    if (error instanceof UnpackError) {
      process.stderr.write(`${command.source}: ${error.message}.\nTransfer the file again.\n`);
      return 1;
    }
    throw error;
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}

/** Where a path on the command line starts: npm runs scripts in the project's folder. */
function callerFolder(): string {
  const { npm_lifecycle_event: script, INIT_CWD: folder } = process.env;
  return script === "convert" && folder !== undefined ? folder : process.cwd();
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isExpected =
    error instanceof ConvertUsageError ||
    error instanceof ConvertError ||
    error instanceof DiskReadError;
  if (!isExpected) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
