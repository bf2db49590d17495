import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ArmSimulatorError } from "../errors.ts";

/** The file in which clients find the simulator's certificate authority. */
export interface CaFile {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Writes a certificate authority's PEM to the file given, or to one in a new temporary folder.
 * `remove` deletes what was written.
 *
 * @throws ArmSimulatorError if the file cannot be written
 */
export async function writeCaFile(pem: string, path: string | undefined): Promise<CaFile> {
  const folder = path === undefined ? await mkdtemp(join(tmpdir(), "arm-simulator-")) : undefined;
  const file = path ?? join(folder ?? tmpdir(), "ca.pem");
  try {
    await writeFile(file, pem);
  } catch (cause) {
    throw new ArmSimulatorError(`cannot write the simulator's CA to '${file}'`, { cause });
  }
  return {
    path: file,
    remove: () => rm(folder ?? file, { recursive: true, force: true }),
  };
}
