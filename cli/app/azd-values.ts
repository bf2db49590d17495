import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Environment } from "../terminal.ts";

const TIMEOUT_MS = 20_000;

/**
 * The values of the environment that azd has selected in a folder: the outputs of the deployment. None
 * where azd is not installed, or has no environment there.
 */
export async function readAzdValues(folder: string): Promise<Environment> {
  try {
    const { stdout } = await promisify(execFile)("azd", ["env", "get-values"], {
      cwd: folder,
      timeout: TIMEOUT_MS,
    });
    return parseAzdValues(stdout);
  } catch {
    return {};
  }
}

/** Lines of NAME="value", as azd writes them. */
export function parseAzdValues(text: string): Environment {
  const pairs = [...text.matchAll(/^([A-Z][A-Z0-9_]*)="((?:[^"\\]|\\.)*)"\r?$/gm)];
  return Object.fromEntries(
    pairs.map(([, name = "", value = ""]) => [name, value.replaceAll(/\\(["\\])/g, "$1")]),
  );
}
