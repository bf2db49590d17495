import { AsyncLocalStorage } from "node:async_hooks";
import type { MetricName } from "../../shared/telemetry/metrics.ts";
import type { Attributes, Telemetry } from "../../shared/telemetry/telemetry.ts";

/** A span that has ended. */
export interface FakeSpan {
  readonly name: string;
  /** Of the span itself, as `traceparent` gives it. */
  readonly traceparent: string;
  /** `traceparent` of the span above; null for the first of a trace. */
  readonly parent: string | null;
  readonly attributes: Record<string, unknown>;
  failure: string | null;
}

/** One value of a metric. */
export interface FakeMeasurement {
  readonly metric: MetricName;
  readonly value: number;
  readonly labels: Readonly<Record<string, unknown>>;
}

/** A telemetry that keeps what was reported to it. */
export interface FakeTelemetry extends Telemetry {
  readonly spans: readonly FakeSpan[];
  readonly measurements: readonly FakeMeasurement[];
  /** Spans of this name. */
  named(name: string): readonly FakeSpan[];
  /** Labels with which a metric was measured, in order. */
  labelsOf(metric: MetricName): readonly Readonly<Record<string, unknown>>[];
}

export function createFakeTelemetry(): FakeTelemetry {
  const spans: FakeSpan[] = [];
  const measurements: FakeMeasurement[] = [];
  const active = new AsyncLocalStorage<FakeSpan>();
  let traces = 0;
  let ids = 0;
  const format = (trace: string): string => {
    ids += 1;
    return `00-${trace}-${ids.toString(16).padStart(16, "0")}-01`;
  };
  const newTrace = (): string => {
    traces += 1;
    return traces.toString(16).padStart(32, "0");
  };
  const annotate = (attributes: Attributes): void => {
    Object.assign(active.getStore()?.attributes ?? {}, attributes);
  };
  return {
    spans,
    measurements,
    named: (name) => spans.filter((span) => span.name === name),
    labelsOf: (metric) =>
      measurements.filter((item) => item.metric === metric).map(({ labels }) => labels),
    async span(name, options, work) {
      const parent =
        options.parent === undefined ? (active.getStore()?.traceparent ?? null) : options.parent;
      const span: FakeSpan = {
        name,
        traceparent: format(parent === null ? newTrace() : traceOf(parent)),
        parent,
        attributes: { ...options.attributes },
        failure: null,
      };
      try {
        return await active.run(span, work);
      } catch (error) {
        span.failure = String(error);
        throw error;
      } finally {
        spans.push(span);
      }
    },
    annotate,
    fail(code) {
      const span = active.getStore();
      if (span !== undefined) span.failure = code;
    },
    traceparent: () => active.getStore()?.traceparent ?? null,
    measure: (metric, value, labels) => measurements.push({ metric, value, labels }),
  };
}

/** The trace's id of a W3C `traceparent`. */
export function traceOf(traceparent: string): string {
  return traceparent.split("-")[1] ?? "";
}
