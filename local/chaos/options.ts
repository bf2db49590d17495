import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { UsageError } from "../usage-error.ts";

/** How much is to happen, and in which random variant. */
export type ChaosOptions = {
  /** Manifests and VHDs without a manifest that are uploaded; their disks come on top. */
  readonly requests: number;
  /** SIGKILLs of instances of the app. */
  readonly kills: number;
  /** For how long there are uploads, kills and faults; settling comes on top. */
  readonly minutes: number;
  readonly seed: number;
};

export type ChaosCommand =
  | { readonly kind: "help" }
  | ({
      readonly kind: "run";
      /** Directory with the built app; this project unless given. */
      readonly appDir?: string;
      /** File that gets what the parts write. */
      readonly logFile?: string;
    } & ChaosOptions);

const DEFAULTS = { requests: "300", kills: "40", minutes: "5", seed: "7" };

export const HELP = `npm run chaos -- [options]

Runs two instances of the app on one storage account, uploads, kills and injects faults at random,
lets everything settle, and audits: nothing lost, nothing twice. Prints one line of JSON on standard
output. Exit code 0 only if every count is as expected.

  --requests N   manifests and VHDs without a manifest to upload (${DEFAULTS.requests})
  --kills N      SIGKILLs of instances (${DEFAULTS.kills})
  --minutes N    how long uploads, kills and faults continue (${DEFAULTS.minutes}), without settling
  --seed N       the same seed makes the same plan (${DEFAULTS.seed})
  --app DIR      run the app in DIR (default: this project)
  --log FILE     write the log of all parts to FILE
  --help         print this text
`;

/** Returns what the command line asks for. @throws {UsageError} for what it cannot mean. */
export function readChaosCommand(args: readonly string[]): ChaosCommand {
  const values = parse(args);
  if (values.help === true) return { kind: "help" };
  const { app, log } = values;
  return {
    kind: "run",
    requests: readNumber("requests", values.requests, /^[1-9]\d{0,4}$/),
    kills: readNumber("kills", values.kills, /^\d{1,4}$/),
    minutes: readNumber("minutes", values.minutes, /^\d{1,3}(\.\d+)?$/),
    seed: readNumber("seed", values.seed, /^\d{1,9}$/),
    ...(app === undefined ? {} : { appDir: resolve(app) }),
    ...(log === undefined ? {} : { logFile: resolve(log) }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        requests: { type: "string", default: DEFAULTS.requests },
        kills: { type: "string", default: DEFAULTS.kills },
        minutes: { type: "string", default: DEFAULTS.minutes },
        seed: { type: "string", default: DEFAULTS.seed },
        app: { type: "string" },
        log: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${reason}\n\n${HELP}`, { cause });
  }
}

function readNumber(flag: string, text: string, shape: RegExp): number {
  if (shape.test(text)) return Number(text);
  throw new UsageError(`--${flag} cannot be "${text}"\n\n${HELP}`);
}
