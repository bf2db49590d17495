import { access, constants, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reasonOf } from "../explain-failure.ts";
import type { Cleanup } from "./cleanup.ts";

/** A folder that the local world needs cannot be written to. */
export class FolderError extends Error {
  override readonly name = "FolderError";
}

/**
 * Creates a temporary folder that goes with the world, and returns its path.
 * @throws {FolderError} if none can be created.
 */
export async function createTempDir(cleanup: Cleanup): Promise<string> {
  try {
    const path = await mkdtemp(join(tmpdir(), "vhd-to-image-"));
    cleanup.add(() => rm(path, { recursive: true, force: true }));
    return path;
  } catch (cause) {
    throw new FolderError(
      `A temporary folder cannot be created in ${tmpdir()}: ${reasonOf(cause)}. Set TMPDIR to a folder that you can write to.`,
      { cause },
    );
  }
}

/**
 * Creates the folder that keeps the world's data, unless it exists.
 * @throws {FolderError} if it cannot be written to.
 */
export async function prepareDataDir(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK);
  } catch (cause) {
    throw new FolderError(
      `The data folder ${path} cannot be used: ${reasonOf(cause)}. Choose a folder that you can write to with --data DIR.`,
      { cause },
    );
  }
}
