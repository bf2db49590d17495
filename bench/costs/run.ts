/** Request header by which the proxies learn which run of a function sent a request. */
export const RUN_HEADER = "x-bench-run";
/** Begins the line that tag-runs.ts writes about a run that has ended. */
export const RUN_LINE = "bench-run ";

/** A change of state that a run announced. */
export interface Transition {
  readonly requestId: string;
  /** Blob that the request is for. */
  readonly source: string;
  readonly from: string | null;
  readonly to: string;
}

/** One run of a function, as the app's process reports it. */
export interface Run {
  readonly id: string;
  readonly function: string;
  /** Request of a work message; null for other functions. */
  readonly requestId: string | null;
  /** Step that the work message asks for; null for one that asks for none, and for other functions. */
  readonly step: number | null;
  /** Blob of an upload's event; null for other functions. */
  readonly blob: string | null;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly transitions: readonly Transition[];
  /** How often it lost a race for its record, and started over. */
  readonly races: number;
}

/** The runs reported in the log lines of the app's process, in the order of their start. */
export function readRuns(lines: readonly string[]): readonly Run[] {
  return lines
    .filter((line) => line.startsWith(RUN_LINE))
    .map((line) => JSON.parse(line.slice(RUN_LINE.length)) as Run)
    .toSorted((one, other) => one.startedAtMs - other.startedAtMs);
}
