import { NO_TELEMETRY, type Telemetry } from "./telemetry.ts";

/** A telemetry that tells nobody until it is connected. */
export interface LateTelemetry extends Telemetry {
  /** From here on everything goes to `target`; spans that have begun end where they began. */
  connect(target: Telemetry): void;
}

/** Stands for a telemetry that is loaded later, so that nothing has to wait for it. */
export function createLateTelemetry(): LateTelemetry {
  let target = NO_TELEMETRY;
  return {
    connect(telemetry) {
      target = telemetry;
    },
    span: (name, options, work) => target.span(name, options, work),
    annotate: (attributes) => target.annotate(attributes),
    fail: (code) => target.fail(code),
    traceparent: () => target.traceparent(),
    measure: (metric, value, labels) => target.measure(metric, value, labels),
  };
}
