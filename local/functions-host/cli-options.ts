import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { HostStartError } from "./errors.ts";
import { type HostFaults, hostFaultsSchema } from "./faults.ts";
import type { FunctionsHostOptions } from "./host.ts";
import type { AppSettings } from "./settings.ts";

/**
 * Returns the options that the command line and the environment give. Flags win over variables.
 * Throws HostStartError naming the flag or variable that is wrong or missing.
 */
export function readCliOptions(
  args: readonly string[],
  env: AppSettings,
): Omit<FunctionsHostOptions, "log"> {
  const flags = parseFlags(args);
  const hostStorage = env.AzureWebJobsStorage;
  if (!hostStorage) {
    throw new HostStartError(
      "Set AzureWebJobsStorage to the connection string of the host's storage.",
    );
  }
  return {
    appDirectory: resolve(flags.app ?? "."),
    host: flags.host ?? "127.0.0.1",
    port: readNumber("--port", flags.port) ?? 0,
    settings: env,
    hostStorage,
    keys: {
      master: env.FUNCTIONS_MASTER_KEY || undefined,
      host: env.FUNCTIONS_HOST_KEY || undefined,
      blobsExtension: env.FUNCTIONS_BLOBS_EXTENSION_KEY || undefined,
    },
    faults: readFaults(env.FUNCTIONS_HOST_FAULTS),
    synthesizeBlobEvents: env.FUNCTIONS_HOST_BLOB_EVENTS !== "off",
    ...readSeconds("blobPollSeconds", "FUNCTIONS_HOST_BLOB_POLL_SECONDS", env),
    ...readSeconds("queueLeaseSeconds", "FUNCTIONS_HOST_QUEUE_LEASE_SECONDS", env),
  };
}

function parseFlags(args: readonly string[]): { app?: string; host?: string; port?: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { app: { type: "string" }, host: { type: "string" }, port: { type: "string" } },
    });
    return values;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HostStartError(`${reason} Usage: main.ts [--app DIR] [--port N] [--host ADDRESS]`, {
      cause,
    });
  }
}

function readSeconds<K extends string>(
  key: K,
  variable: string,
  env: AppSettings,
): Partial<Record<K, number>> {
  const value = readNumber(variable, env[variable]);
  const seconds: Partial<Record<K, number>> = {};
  if (value !== undefined) seconds[key] = value;
  return seconds;
}

function readNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new HostStartError(`${name} is '${text}', which is not a number.`);
}

function readFaults(text: string | undefined): HostFaults {
  if (!text) return {};
  try {
    return hostFaultsSchema.parse(JSON.parse(text));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HostStartError(`FUNCTIONS_HOST_FAULTS is invalid: ${reason}`, { cause });
  }
}
