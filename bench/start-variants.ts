import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { BUNDLE_OPTIONS, bundle, ROOT } from "../scripts/bundle.ts";

/** Apps to start, each a folder with a package.json. */
export interface StartVariants {
  /** As it is deployed. */
  readonly package: string;
  /** The same app with every module a file of its own, its packages in node_modules. */
  readonly unbundled: string;
  /** The same app in a single file. */
  readonly oneFile: string;
  /** An app with one empty HTTP function, bundled like ours. */
  readonly empty: string;
}

/**
 * Makes the variants in a folder below node_modules, so that the unbundled app finds its packages, and
 * the program that starts them. @returns also how to remove all of it.
 */
export async function makeVariants(): Promise<{
  readonly variants: StartVariants;
  /** Path of the program: start-child.ts, bundled, so that Node has no TypeScript to strip. */
  readonly child: string;
  readonly remove: () => void;
}> {
  const parent = join(ROOT, "node_modules/.cache");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "bench-start-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const place = (name: string): string => join(folder, name);
    await bundle("bench/apps/empty-http.ts", makeApp(place("empty")));
    await bundle("bench/start-child.ts", place("child"));
    await writeSingleFile(makeApp(place("one-file")));
    await writeModules(makeApp(place("unbundled")));
    cpSync(join(ROOT, "dist"), makeApp(place("package")), { recursive: true });
    const variants = {
      package: place("package"),
      unbundled: place("unbundled"),
      oneFile: place("one-file"),
      empty: place("empty"),
    };
    return { variants, child: join(place("child"), "index.cjs"), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Makes the folder of an app whose entry is `dist/index.cjs`, and returns its `dist`. */
function makeApp(folder: string): string {
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ main: "dist/index.cjs" }));
  return join(folder, "dist");
}

async function writeSingleFile(dist: string): Promise<void> {
  const build = await rolldown({ ...BUNDLE_OPTIONS, input: "functions/index.ts" });
  await build.write({
    dir: dist,
    format: "cjs",
    entryFileNames: "index.cjs",
    codeSplitting: false,
    minify: true,
    keepNames: true,
    comments: false,
  });
  await build.close();
}

async function writeModules(dist: string): Promise<void> {
  const { resolve: _, ...options } = BUNDLE_OPTIONS;
  const build = await rolldown({
    ...options,
    input: { index: "functions/index.ts" },
    external: (id) => !id.startsWith(".") && !id.startsWith("/") && id !== "functions/index.ts",
  });
  await build.write({
    dir: dist,
    format: "cjs",
    preserveModules: true,
    preserveModulesRoot: "functions",
    entryFileNames: "[name].cjs",
  });
  await build.close();
}
