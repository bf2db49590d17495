import { DiskReadError } from "../../shared/disk/disk-reader.ts";
import { RefusedDiskError } from "../../shared/disk/maps/refusal.ts";
import { UnpackError } from "../../shared/unpack.ts";
import { CommandError } from "../command-error.ts";
import { ConvertError } from "../convert/convert-error.ts";
import { renderRefusal } from "../convert/report.ts";

/** What to report about a disk of which no image can be made. */
export function refuseDisk(shown: string, message: string, fix: string): CommandError {
  return new CommandError(
    "refused",
    `${shown} ${message}. Azure would refuse it, so nothing was uploaded.\n${fix}`,
  );
}

/** An error of a file or of a disk in it, in words; any other error as it is. */
export function explainDiskError(shown: string, error: unknown): unknown {
  if (error instanceof RefusedDiskError) {
    return new CommandError("refused", renderRefusal(shown, error.refusal).trimEnd());
  }
  if (error instanceof UnpackError) {
    return new CommandError("refused", `${shown}: ${error.message}.\nTransfer the file again.`);
  }
  if (error instanceof DiskReadError) {
    return new CommandError("usage", `${shown} cannot be read: ${error.message}`);
  }
  return error instanceof ConvertError ? new CommandError("usage", error.message) : error;
}
