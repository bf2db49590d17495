import type { Logger } from "../shared/ports.ts";
import { redact } from "../shared/redact.ts";

/** What a function needs that only its invocation can give, joined to what the process has. */
export type WithLog<C extends { readonly log: unknown }> = Omit<C, "log">;

/** The log methods of an invocation, as the Functions library gives them. */
export interface LogSink {
  info(...args: unknown[]): void;
  warn(...args: unknown[]): void;
  error(...args: unknown[]): void;
}

/** Writes each event as one line of JSON, without secrets. */
export function createLogger(sink: LogSink): Logger {
  const line = (event: string, fields: Readonly<Record<string, unknown>> = {}): string =>
    redact(JSON.stringify({ event, ...fields }));
  return {
    info: (event, fields) => sink.info(line(event, fields)),
    warn: (event, fields) => sink.warn(line(event, fields)),
    error: (event, fields) => sink.error(line(event, fields)),
  };
}
