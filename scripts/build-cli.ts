import { chmod, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { rolldown } from "rolldown";
import { BUNDLE_OPTIONS, ROOT } from "./bundle.ts";

/** The command line as it is published: one executable file. */
export const CLI_FILE = join(ROOT, "cli/dist/vhd-to-image.cjs");

/**
 * Bundles the command line into one file, with everything that it needs. What is behind an `import()`
 * is in that file too, and runs when it is first needed. The file appears whole: a command that starts
 * meanwhile runs one build or the other.
 */
export async function buildCli(file = CLI_FILE): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const staging = await mkdtemp(join(dirname(file), ".build-"));
  const build = await rolldown({ ...BUNDLE_OPTIONS, input: "cli/main.ts" });
  try {
    const staged = join(staging, "vhd-to-image.cjs");
    await build.write({
      file: staged,
      format: "cjs",
      codeSplitting: false,
      minify: true,
      keepNames: true,
      comments: false,
      postBanner: "#!/usr/bin/env node",
    });
    await chmod(staged, 0o755);
    await rename(staged, file);
  } finally {
    await build.close();
    await rm(staging, { recursive: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await buildCli();
