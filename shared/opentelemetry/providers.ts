import type { Meter, Tracer } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchLogRecordProcessor,
  LoggerProvider,
  type LogRecordExporter,
} from "@opentelemetry/sdk-logs";
import {
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from "@opentelemetry/sdk-metrics";
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
  type SpanExporter,
} from "@opentelemetry/sdk-trace-base";

/** Where spans, metrics and log lines go. */
export interface Exporters {
  readonly spans: SpanExporter;
  readonly metrics: PushMetricExporter;
  readonly logs: LogRecordExporter;
}

/** Who is telling. */
export interface Service {
  readonly name: string;
  /** Tells the instances of a scaled-out app apart. */
  readonly instance: string;
}

/** The parts of the OpenTelemetry SDK that the app talks to. */
export interface Providers {
  readonly tracer: Tracer;
  readonly meter: Meter;
  readonly logs: LoggerProvider;
  /** Sends what is left, and takes no more. */
  shutdown(): Promise<void>;
}

const SCOPE = "vhd-to-image";
/** An instance may be gone a moment after its last step. Milliseconds. */
const BATCH_MILLISECONDS = 1_000;
const METRIC_MILLISECONDS = 10_000;

/**
 * The SDK, sending to these exporters. Every span is recorded: uploads are few, and the trace that is
 * wanted is that of the one upload that went wrong.
 */
export function createProviders(exporters: Exporters, service: Service): Providers {
  const resource = resourceFromAttributes({
    "service.name": service.name,
    "service.instance.id": service.instance,
  });
  const batch = { scheduledDelayMillis: BATCH_MILLISECONDS };
  const traces = new BasicTracerProvider({
    resource,
    sampler: new AlwaysOnSampler(),
    spanProcessors: [new BatchSpanProcessor(exporters.spans, batch)],
  });
  const meters = new MeterProvider({
    resource,
    readers: [
      new PeriodicExportingMetricReader({
        exporter: exporters.metrics,
        exportIntervalMillis: METRIC_MILLISECONDS,
        exportTimeoutMillis: METRIC_MILLISECONDS,
      }),
    ],
  });
  const logs = new LoggerProvider({
    resource,
    processors: [new BatchLogRecordProcessor({ exporter: exporters.logs, ...batch })],
  });
  return {
    tracer: traces.getTracer(SCOPE),
    meter: meters.getMeter(SCOPE),
    logs,
    async shutdown() {
      await Promise.allSettled([traces.shutdown(), meters.shutdown(), logs.shutdown()]);
    },
  };
}
