import type { FileHandle } from "node:fs/promises";
import { DiskReadError } from "../../shared/disk/disk-reader.ts";
import { nameFix } from "../../shared/disk/format/name-fix.ts";
import { inspectDisk } from "../../shared/disk/inspect-disk.ts";
import { CommandError } from "../command-error.ts";
import { openRegularFile } from "../regular-file.ts";
import { type FileIdentity, formatIdentity, identifyFile, isSameFile } from "./file-identity.ts";
import type { TransferSource } from "./transfer.ts";
import type { PlannedDisk } from "./upload-plan.ts";

/** A disk that Azure accepts, ready to be sent. */
export interface OpenDisk extends TransferSource {
  readonly disk: PlannedDisk;
  readonly warnings: readonly string[];
}

/**
 * Opens a disk and inspects it.
 * @throws CommandError when it cannot be read, or Azure would refuse it.
 */
export async function openDisk(disk: PlannedDisk): Promise<OpenDisk> {
  const file = await openRegularFile(disk.path, disk.shown);
  try {
    const warnings = await inspect(file, disk);
    const identity: FileIdentity = await identifyFile(file, disk.blob);
    return {
      disk,
      file,
      warnings,
      sizeBytes: identity.fileSize,
      shown: disk.shown,
      identity: formatIdentity(identity),
      isSame: (text) => isSameFile(text, identity),
      metadata: disk.metadata,
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function inspect(
  file: FileHandle,
  { shown, role, metadata }: PlannedDisk,
): Promise<readonly string[]> {
  const { size } = await file.stat();
  const read = async (offset: number, count: number): Promise<Uint8Array> => {
    const { buffer, bytesRead } = await file.read(new Uint8Array(count), 0, count, offset);
    return buffer.subarray(0, bytesRead);
  };
  const asked = metadata.hypervgeneration;
  const generation = asked === "V1" || asked === "V2" ? ({ generation: asked } as const) : {};
  const { problem, warnings } = await inspectDisk(
    { length: size, read },
    { role, ...generation },
  ).catch((error: unknown) => {
    throw error instanceof DiskReadError
      ? new CommandError("usage", `${shown} cannot be read: ${error.message}`)
      : error;
  });
  if (problem === null) return warnings;
  throw new CommandError(
    "refused",
    `${shown} ${problem.message}. Azure would refuse it, so nothing was uploaded.\n${nameFix(problem.fix, shown)}`,
  );
}
