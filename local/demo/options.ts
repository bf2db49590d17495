import { parseArgs } from "node:util";
import { UsageError } from "../usage-error.ts";
import type { OwnVhdOptions } from "./own-vhd.ts";

export type DemoOptions = {
  readonly help: boolean;
  readonly own?: OwnVhdOptions;
  readonly keep: boolean;
  readonly json: boolean;
  readonly verbose: boolean;
};

export const HELP = `npm run demo -- [options]

Starts a storage emulator, an Azure API simulator and the app on this machine, uploads eight sample
requests, and follows them until six are images, one is an image version in two regions, and one is
refused. Nothing leaves the machine.

  --vhd FILE         upload this VHD instead of the Linux sample
  --os-type TYPE     its operating system, Linux or Windows, if the disk does not show it
  --generation GEN   its Hyper-V generation, V1 or V2, if the disk does not show it
  --keep             keep everything running and print commands to try next
  --json             print the results as JSON; everything else goes to standard error
  --verbose          also print the log of every part
  --help             print this text

Exit codes: 0 all requests ended as expected, 1 not all did, 2 wrong usage, 130 interrupted.
Example: npm run demo -- --vhd ./web.vhd --os-type Linux
`;

/** Returns what the command line asks for. @throws {UsageError} for anything unknown. */
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
    throw new UsageError(`${reason}\n\n${HELP}`, { cause });
  }
}

/** Returns the word as it is spelled in the list; null when none was given. */
function chooseWord(flag: string, text: string | undefined, words: string[]): string | null {
  if (text === undefined) return null;
  const word = words.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
  if (word === undefined) {
    throw new UsageError(`${flag} must be ${words.join(" or ")}, not "${text}"`);
  }
  return word;
}
