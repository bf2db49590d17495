import { parseArgs } from "node:util";
import type { OwnVhdOptions } from "./own-vhd.ts";

export type DemoOptions = {
  readonly help: boolean;
  readonly own?: OwnVhdOptions;
  readonly keep: boolean;
  readonly json: boolean;
  readonly verbose: boolean;
};

export const HELP = `npm run demo -- [options]

Starts the local world, uploads VHDs and manifests, and shows images come to life.
Exit code 0 only if all six requests ended as they should.

  --vhd FILE         upload this VHD in place of the sample without a manifest
  --os-type TYPE     its operating system, Linux or Windows, if the disk does not tell
  --generation GEN   its Hyper-V generation, V1 or V2, if the disk does not tell
  --keep             leave everything running and show how to go on with curl
  --json             results as JSON on standard output, the rest on standard error
  --verbose          also show what the parts write
  --help             this text
`;

/** The command line cannot be understood. */
export class DemoUsageError extends Error {
  override readonly name = "DemoUsageError";
}

/** Returns what the command line asks for. @throws {DemoUsageError} for anything unknown. */
export function readDemoOptions(args: readonly string[]): DemoOptions {
  const values = parse(args);
  const osType = chooseWord("--os-type", values["os-type"], ["Linux", "Windows"]);
  const generation = chooseWord("--generation", values.generation, ["V1", "V2"]);
  const { help = false, keep = false, json = false, verbose = false, vhd } = values;
  const own = vhd === undefined ? {} : { own: { path: vhd, osType, generation } };
  return { help, keep, json, verbose, ...own };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        vhd: { type: "string" },
        "os-type": { type: "string" },
        generation: { type: "string" },
        keep: { type: "boolean" },
        json: { type: "boolean" },
        verbose: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DemoUsageError(`${reason}\n\n${HELP}`, { cause });
  }
}

/** Returns the word as it is spelled in the list; null when none was given. */
function chooseWord(flag: string, text: string | undefined, words: string[]): string | null {
  if (text === undefined) return null;
  const word = words.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
  if (word === undefined) {
    throw new DemoUsageError(`${flag} must be ${words.join(" or ")}, not "${text}"`);
  }
  return word;
}
