import { rename } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { BUNDLE_OPTIONS } from "../../scripts/bundle.ts";

const HOST = fileURLToPath(new URL("../../local/functions-host/main.ts", import.meta.url));
const FOLDER = fileURLToPath(new URL("../../node_modules/.cache/functions-host", import.meta.url));

let bundled: Promise<string> | undefined;

/**
 * Bundles the stand-in for the Functions host for the worlds of this run: from its source files a
 * start takes two to three times the processor time, and a run starts about a hundred. The commands
 * that tests run as a user does, and the tests of the stand-in itself, run it from its source.
 */
export async function setup(): Promise<void> {
  bundled ??= bundleHost();
  process.env.LOCAL_WORLD_HOST_SCRIPT = await bundled;
}

/** Returns the path of the bundle; runs at the same time replace each other's whole. */
async function bundleHost(): Promise<string> {
  const written = join(FOLDER, `${process.pid}.mjs`);
  const build = await rolldown({ ...BUNDLE_OPTIONS, input: HOST });
  await build.write({ file: written, format: "esm", codeSplitting: false });
  await build.close();
  const script = join(FOLDER, "main.mjs");
  await rename(written, script);
  return script;
}
