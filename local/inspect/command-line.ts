import { parseArgs } from "node:util";
import type { DiskRole } from "../../shared/disk/finding.ts";
import type { Generation } from "../../shared/vocabulary.ts";

export type InspectCommand =
  | { readonly kind: "help" }
  | {
      readonly kind: "inspect";
      /** Path of a file, or URL of a blob. */
      readonly source: string;
      readonly role: DiskRole;
      readonly generation: Generation | null;
      readonly json: boolean;
    };

export const USAGE = `npm run --silent inspect -- FILE|URL [options]

Reads a disk by ranges, at most 12 reads and 256 KiB, and says what it is: format, partitions, file
systems, operating system, Hyper-V generation. URL: of a blob, with a SAS if it needs one.

  --data             it is to be a data disk; an OS disk otherwise
  --generation GEN   generation asked for, V1 or V2: decides how large an OS disk may be
  --json             the finding as JSON
  --help             this text

Exit code 0: Azure would take it. 1: it would not. 2: it cannot be read, or wrong usage.
`;

/** Thrown when the command line cannot be understood. */
export class InspectUsageError extends Error {
  override readonly name = "InspectUsageError";
}

/**
 * Reads the command line.
 * @throws InspectUsageError for an unknown option, or not exactly one source.
 */
export function readCommand(args: readonly string[]): InspectCommand {
  const { values, positionals } = parse(args);
  if (values.help === true) return { kind: "help" };
  const [source, ...others] = positionals;
  if (source === undefined || others.length > 0) {
    throw new InspectUsageError(`one file or URL is needed\n\n${USAGE}`);
  }
  const role = values.data === true ? "data" : "os";
  return {
    kind: "inspect",
    source,
    role,
    generation: readGeneration(values.generation),
    json: values.json === true,
  };
}

function readGeneration(text: string | undefined): Generation | null {
  if (text === undefined) return null;
  const generation = text.toUpperCase();
  if (generation === "V1" || generation === "V2") return generation;
  throw new InspectUsageError("--generation is V1 or V2");
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        data: { type: "boolean" },
        generation: { type: "string" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InspectUsageError(`${reason}\n\n${USAGE}`, { cause });
  }
}
