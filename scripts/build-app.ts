import { readFileSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type BundledFile, bundle, ROOT } from "./bundle.ts";

/**
 * Bundles the app into a folder and returns the files of it. What else is in the folder is removed,
 * but after the new files are there: an app that starts meanwhile finds one build or the other.
 */
export async function buildApp(outputDirectory: string): Promise<readonly BundledFile[]> {
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    version: string;
  };
  const files = await bundle(
    "functions/index.ts",
    outputDirectory,
    `/* vhd-to-image ${version} */`,
  );
  const current = new Set(files.map(({ fileName }) => fileName));
  for (const name of await readdir(outputDirectory)) {
    if (!current.has(name)) await rm(join(outputDirectory, name), { recursive: true });
  }
  return files;
}
