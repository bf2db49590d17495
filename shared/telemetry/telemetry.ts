import type { MetricLabels, MetricName } from "./metrics.ts";

/** What is known of a span or an event; null is left out. Never a URL with a query, a key or a token. */
export type Attributes = Readonly<Record<string, string | number | boolean | null>>;

/** Where a span belongs, and what is known when it begins. */
export interface SpanOptions {
  /** `client` for a call to another service; `internal` unless said. */
  readonly kind?: "internal" | "client";
  /**
   * Not given: child of the active span. A W3C `traceparent`: child of that span, of another process
   * perhaps. Null: the first span of a new trace. In the last two cases the span is linked to the active one.
   */
  readonly parent?: string | null;
  readonly attributes?: Attributes;
}

/**
 * What the app reports about its work. Nothing here ever throws or waits, whatever
 * happens to it.
 */
export interface Telemetry {
  /** Does the work as a span, and returns what it returns; a throw marks the span as failed. */
  span<T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T>;
  /** Adds to what is known of the active span. */
  annotate(attributes: Attributes): void;
  /** Marks the active span as failed, by a code. */
  fail(code: string): void;
  /** The active span as a W3C `traceparent` (https://www.w3.org/TR/trace-context/); null without one. */
  traceparent(): string | null;
  /** Adds to a counter, or records a value in a histogram, in the metric's unit. */
  measure<M extends MetricName>(metric: M, value: number, labels: MetricLabels[M]): void;
}

/** Tells nobody. */
export const NO_TELEMETRY: Telemetry = {
  span: (_name, _options, work) => work(),
  annotate: () => {},
  fail: () => {},
  traceparent: () => null,
  measure: () => {},
};
