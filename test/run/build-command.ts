import { fileURLToPath } from "node:url";

/** The command line as users install it, built for the tests of this run. */
export const COMMAND = fileURLToPath(
  new URL("../../node_modules/.cache/command/vhd-to-image.cjs", import.meta.url),
);

/**
 * Builds the command line before the tests that run it as a process: from its source, each run takes a
 * second to load.
 */
export async function setup(): Promise<void> {
  // The tests import this file for the path, and need no bundler.
  const { buildCli } = await import("../../scripts/build-cli.ts");
  await buildCli(COMMAND);
}
