import type { LogLevel } from "./core-types.ts";

/** Writes one line; `category` is the host's, such as `Function.ingest.User`. */
export type HostLog = (level: LogLevel, category: string, message: string) => void;

/** Minimum level per category prefix, as host.json `logging.logLevel` has it. */
export type LogLevels = Readonly<Record<string, string>>;

const RANK: Readonly<Record<string, number>> = {
  trace: 0,
  debug: 1,
  information: 2,
  warning: 3,
  error: 4,
  critical: 5,
  none: 6,
};

/**
 * Returns a log that writes `time level [category] message` lines to `write`.
 * A category's minimum level is that of its longest prefix in `levels`, else `default`, else
 * Information (https://learn.microsoft.com/azure/azure-functions/configure-monitoring).
 */
export function createLog(
  write: (line: string) => void,
  levels: LogLevels,
  now: () => Date = () => new Date(),
): HostLog {
  return (level, category, message) => {
    if ((RANK[level] ?? 0) < findThreshold(levels, category)) return;
    write(`${now().toISOString()} ${level} [${category}] ${message}`);
  };
}

function findThreshold(levels: LogLevels, category: string): number {
  const prefixes = Object.keys(levels)
    .filter((prefix) => category === prefix || category.startsWith(`${prefix}.`))
    .sort((a, b) => b.length - a.length);
  const chosen = levels[prefixes[0] ?? "default"] ?? "information";
  return RANK[chosen.toLowerCase()] ?? 2;
}
