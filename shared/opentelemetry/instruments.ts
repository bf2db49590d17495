import type { Attributes, Meter } from "@opentelemetry/api";
import { METRICS, type MetricName } from "../telemetry/metrics.ts";

/** Takes one value of a metric. */
export type Instrument = (value: number, labels: Attributes) => void;

/** One instrument for each metric of the app. */
export function createInstruments(meter: Meter): ReadonlyMap<MetricName, Instrument> {
  return new Map(
    (Object.keys(METRICS) as MetricName[]).map((name) => [name, createInstrument(meter, name)]),
  );
}

function createInstrument(meter: Meter, name: MetricName): Instrument {
  const { kind, unit, description } = METRICS[name];
  if (kind === "histogram") {
    const histogram = meter.createHistogram(name, { unit, description });
    return (value, labels) => histogram.record(value, labels);
  }
  const counter = meter.createCounter(name, { unit, description });
  return (value, labels) => counter.add(value, labels);
}
