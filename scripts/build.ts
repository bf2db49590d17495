import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/**
 * Bundles the app to `dist/index.cjs`. CommonJS, because the Functions library reaches the host
 * through `require`; and with the CommonJS build of functions-extensions-base, the one the library
 * itself uses: its ES-module build is another singleton, in which the library finds no factory.
 */
const root = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);
const { version } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as { version: string };

await build({
  absWorkingDir: root,
  entryPoints: ["functions/index.ts"],
  outfile: "dist/index.cjs",
  bundle: true,
  platform: "node",
  target: "node22",
  format: "cjs",
  external: ["@azure/functions-core"],
  alias: {
    // Its `main` is UMD, whose inner requires no bundler can follow.
    "jsonc-parser": "jsonc-parser/lib/esm/main.js",
    "@azure/functions-extensions-base": require.resolve("@azure/functions-extensions-base"),
  },
  banner: { js: `/* vhd-to-image ${version} */` },
  minify: true,
  keepNames: true,
  legalComments: "none",
  logLevel: "warning",
});
