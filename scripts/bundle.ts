import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { type OutputChunk, type RolldownOptions, rolldown } from "rolldown";
import { boardPlugin, buildBoard, holdsBoard } from "./build-board.ts";

/** Absolute path of the repository, with a slash at its end. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** A file of a bundle: what is in it, and what it loads. */
export type BundledFile = Pick<OutputChunk, "fileName" | "imports" | "isEntry" | "moduleIds">;

/** How the app is bundled; what a measurement compares it with is bundled in the same way. */
export const BUNDLE_OPTIONS = {
  cwd: ROOT,
  platform: "node",
  external: ["@azure/functions-core", /^node:/],
  resolve: {
    alias: {
      // Its `main` is UMD, whose inner requires no bundler can follow.
      "jsonc-parser": "jsonc-parser/lib/esm/main.js",
      // Its ES-module build is another singleton, in which the library finds no factory.
      "@azure/functions-extensions-base": createRequire(import.meta.url).resolve(
        "@azure/functions-extensions-base",
      ),
    },
  },
  transform: { target: "node22" },
  plugins: [boardPlugin()],
  // A package that is not installed is a warning to the bundler, and would be missed only in Azure.
  onLog: (level, log, handle) => handle(level === "warn" ? "error" : level, log),
} as const satisfies RolldownOptions;

/**
 * Bundles what an entry file needs to `index.cjs` in a folder, and returns the files that it wrote.
 *
 * Everything that is imported at the top of a file comes in `index.cjs`; each `import()` begins a file
 * of its own, which is read when it is first needed. The output is CommonJS, because the Functions
 * library reaches the host through `require`.
 *
 * @throws Error for whatever the bundler finds wrong; it warns of nothing.
 */
export async function bundle(
  entry: string,
  outputDirectory: string,
  banner = "",
): Promise<readonly BundledFile[]> {
  const build = await rolldown({ ...BUNDLE_OPTIONS, input: { index: entry } });
  try {
    const { output } = await build.write({
      dir: outputDirectory,
      format: "cjs",
      entryFileNames: "[name].cjs",
      chunkFileNames: "[name]-[hash].cjs",
      minify: true,
      keepNames: true,
      comments: false,
      postBanner: banner,
    });
    const chunks = output.filter((file) => file.type === "chunk");
    return await Promise.all(chunks.map(describe));
  } finally {
    await build.close();
  }
}

/** What is in a file; in the one with the status board, also what that was made of. */
async function describe({
  fileName,
  imports,
  isEntry,
  moduleIds,
}: OutputChunk): Promise<BundledFile> {
  const inner = holdsBoard(moduleIds) ? (await buildBoard()).moduleIds : [];
  return { fileName, imports, isEntry, moduleIds: [...moduleIds, ...inner] };
}
