import { DiagLogLevel, diag } from "@opentelemetry/api";
import { redact } from "../redact.ts";

/** Reports what the OpenTelemetry SDK and its exporters call an error. */
export function reportErrors(report: (message: string) => void): void {
  const ignore = (): void => {};
  const error = (message: string, ...details: unknown[]): void =>
    report(redact([message, ...details.map(String)].join(" ")));
  const logger = { error, warn: ignore, info: ignore, debug: ignore, verbose: ignore };
  diag.setLogger(logger, { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true });
}
