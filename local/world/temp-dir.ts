import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cleanup } from "./cleanup.ts";

/** Creates a temporary directory that goes with the world, and returns its path. */
export async function createTempDir(cleanup: Cleanup): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "vhd-to-image-"));
  cleanup.add(() => rm(path, { recursive: true, force: true }));
  return path;
}
