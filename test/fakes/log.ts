import type { Logger } from "../../shared/ports.ts";

/** A logger that keeps its lines. */
export interface FakeLog extends Logger {
  readonly lines: { level: string; event: string; fields: Readonly<Record<string, unknown>> }[];
}

export function createFakeLog(): FakeLog {
  const lines: FakeLog["lines"] = [];
  const keep =
    (level: string) =>
    (event: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      lines.push({ level, event, fields });
    };
  return { lines, info: keep("info"), warn: keep("warn"), error: keep("error") };
}
