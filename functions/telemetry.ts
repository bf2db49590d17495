import type { TokenCredential } from "@azure/identity";
import { readAuthentication } from "../shared/opentelemetry/authentication.ts";
import { createAzureMonitorExporters } from "../shared/opentelemetry/azure-monitor.ts";
import {
  type FunctionsLibrary,
  instrumentFunctions,
} from "../shared/opentelemetry/instrument-functions.ts";
import { createOpenTelemetry } from "../shared/opentelemetry/open-telemetry.ts";
import { createProviders, type Service } from "../shared/opentelemetry/providers.ts";
import { reportErrors } from "../shared/opentelemetry/report-errors.ts";
import type { TelemetrySettings } from "../shared/settings/settings.ts";
import type { Telemetry } from "../shared/telemetry/telemetry.ts";

/** What it takes to send telemetry to Application Insights. */
export interface TelemetryOptions {
  readonly library: FunctionsLibrary;
  readonly settings: TelemetrySettings;
  readonly credentialFor: (clientId: string | null) => TokenCredential;
  readonly service: Service;
  /** Takes messages that report telemetry that cannot be sent; of those, the first is enough. */
  readonly report: (message: string) => void;
}

/** Telemetry that is under way. */
export interface RunningTelemetry {
  readonly telemetry: Telemetry;
  /** Sends what is left, and takes no more. */
  shutdown(): Promise<void>;
}

/**
 * Begins what `import()` makes a file of its own in the bundle, the only one with OpenTelemetry in it.
 * @throws Error for a setting that cannot be used.
 */
export function startTelemetry(options: TelemetryOptions): RunningTelemetry {
  reportErrors(options.report);
  const { connectionString, authentication } = options.settings;
  const credential =
    authentication === null
      ? null
      : options.credentialFor(readAuthentication(authentication).clientId);
  const exporters = createAzureMonitorExporters(connectionString, credential);
  const { tracer, meter, logs, shutdown } = createProviders(exporters, options.service);
  instrumentFunctions(options.library, logs);
  return { telemetry: createOpenTelemetry(tracer, meter), shutdown };
}
