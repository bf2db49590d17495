import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type BundledFile, bundle, ROOT } from "./bundle.ts";

/**
 * Bundles the app into a folder and returns the files of it. An app that starts meanwhile finds one
 * build or the other: the files are made elsewhere and moved there, the one that loads the others last.
 * What else is in the folder is removed after that. A build that fails changes nothing.
 */
export async function buildApp(outputDirectory: string): Promise<readonly BundledFile[]> {
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    version: string;
  };
  await mkdir(outputDirectory, { recursive: true });
  const staging = await mkdtemp(join(dirname(outputDirectory), ".build-"));
  try {
    const banner = `/* vhd-to-image ${version} */`;
    const files = await bundle("functions/index.ts", staging, banner);
    const entryLast = files.toSorted((a, b) => Number(a.isEntry) - Number(b.isEntry));
    for (const { fileName } of entryLast) {
      await rename(join(staging, fileName), join(outputDirectory, fileName));
    }
    await removeOthers(outputDirectory, new Set(files.map(({ fileName }) => fileName)));
    return files;
  } finally {
    await rm(staging, { recursive: true });
  }
}

async function removeOthers(directory: string, kept: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!kept.has(name)) await rm(join(directory, name), { recursive: true, force: true });
  }
}
