import type { TokenCredential } from "@azure/identity";
import {
  AzureMonitorLogExporter,
  AzureMonitorMetricExporter,
  AzureMonitorTraceExporter,
} from "@azure/monitor-opentelemetry-exporter";
import type { Exporters } from "./providers.ts";

/**
 * Exporters to Application Insights. What cannot be sent is dropped, not kept on the disk of an
 * instance that may not live to send it.
 * @throws Error for a connection string without a valid instrumentation key.
 */
export function createAzureMonitorExporters(
  connectionString: string,
  /** Null where the connection string alone is enough. */
  credential: TokenCredential | null,
): Exporters {
  const options = {
    connectionString,
    disableOfflineStorage: true,
    ...(credential !== null && { credential }),
  };
  return {
    spans: new AzureMonitorTraceExporter(options),
    metrics: new AzureMonitorMetricExporter(options),
    logs: new AzureMonitorLogExporter(options),
  };
}
