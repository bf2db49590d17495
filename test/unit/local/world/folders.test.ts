import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createCleanup } from "../../../../local/world/cleanup.ts";
import { createTempDir, prepareDataDir } from "../../../../local/world/folders.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "folders-"));
  await writeFile(join(folder, "file"), "");
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test("a data folder below a file is refused with the path, the reason and the flag", async () => {
  const path = join(folder, "file", "data");
  await expect(prepareDataDir(path)).rejects.toThrow(
    `The data folder ${path} cannot be used: a part of its path is a file, not a folder. Choose a folder that you can write to with --data DIR.`,
  );
});

test("a data folder that does not exist is created, with those above it", async () => {
  await prepareDataDir(join(folder, "a", "b"));
  await prepareDataDir(join(folder, "a", "b"));
});

test("a folder for temporary files that cannot be used is named, with the variable", async () => {
  vi.stubEnv("TMPDIR", join(folder, "file"));
  const cleanup = createCleanup(() => {});
  await expect(createTempDir(cleanup)).rejects.toThrow(/cannot be|can be created.*TMPDIR/);
});
