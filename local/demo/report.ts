import type { Row } from "./board.ts";
import { endedAsExpected } from "./expectation.ts";

/** Returns the results as they are printed with `--json`. */
export function buildReport(rows: readonly Row[], seconds: number): unknown {
  return {
    ok: rows.every(endedAsExpected),
    seconds: round(seconds),
    requests: rows.map((row) => ({
      source: row.source,
      title: row.title,
      requestId: row.status?.requestId ?? null,
      state: row.state,
      expected: row.expected,
      ok: endedAsExpected(row),
      seconds: row.seconds === undefined ? null : round(row.seconds),
      image: row.status?.image ?? null,
      outputs: row.status?.outputs ?? [],
      conversions: row.status?.disks.flatMap(({ conversion }) => conversion ?? []) ?? [],
      error: row.status?.error ?? null,
    })),
  };
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
