import type { RequestState } from "../record/states.ts";

/** How a metric is aggregated, what it counts, and what it tells. */
export interface MetricDefinition {
  readonly kind: "counter" | "histogram";
  /** In UCUM notation, as OpenTelemetry wants it (https://ucum.org). */
  readonly unit: string;
  readonly description: string;
}

/** Every metric of the app. Labels have few values each: never a name, an id or a message. */
export const METRICS = {
  "vhd_to_image.requests": {
    kind: "counter",
    unit: "{request}",
    description: "Requests by the state that they entered",
  },
  "vhd_to_image.state.duration": {
    kind: "histogram",
    unit: "s",
    description: "How long requests were in a state, by the state that they left",
  },
  "vhd_to_image.retries": {
    kind: "counter",
    unit: "{retry}",
    description: "Azure errors after which a step is retried, by code",
  },
  "vhd_to_image.throttles": {
    kind: "counter",
    unit: "{answer}",
    description: "Azure's 429 and 503 answers, by operation",
  },
  "vhd_to_image.bytes_read": {
    kind: "counter",
    unit: "By",
    description: "Bytes read of uploaded blobs",
  },
  "vhd_to_image.convert.bytes": {
    kind: "counter",
    unit: "By",
    description: "Bytes of converted disks: copied inside storage, or passed through the app",
  },
  "vhd_to_image.convert.calls": {
    kind: "counter",
    unit: "{call}",
    description: "Calls to storage that wrote or copied parts of converted disks",
  },
  "vhd_to_image.convert.throttles": {
    kind: "counter",
    unit: "{slice}",
    description: "Slices of conversions that ended early because storage was busy",
  },
  "vhd_to_image.convert.seconds_per_gib": {
    kind: "histogram",
    unit: "s",
    description: "How long slices of conversions took for a GiB of data",
  },
  "vhd_to_image.overdue": {
    kind: "counter",
    unit: "{request}",
    description: "Stuck requests that the sweep restarted",
  },
  "vhd_to_image.poisoned": {
    kind: "counter",
    unit: "{message}",
    description: "Messages that the host gave up on, by their queue",
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;

/** Name of a metric. */
export type MetricName = keyof typeof METRICS;

/** The dimensions of each metric. */
export interface MetricLabels {
  readonly "vhd_to_image.requests": { readonly state: RequestState };
  readonly "vhd_to_image.state.duration": { readonly state: RequestState };
  readonly "vhd_to_image.retries": { readonly code: string };
  readonly "vhd_to_image.throttles": { readonly operation: string; readonly status: 429 | 503 };
  readonly "vhd_to_image.bytes_read": { readonly kind: "manifest" | "disk" };
  readonly "vhd_to_image.convert.bytes": { readonly way: "copied" | "passed through" };
  readonly "vhd_to_image.convert.calls": Readonly<Record<string, never>>;
  readonly "vhd_to_image.convert.throttles": Readonly<Record<string, never>>;
  readonly "vhd_to_image.convert.seconds_per_gib": Readonly<Record<string, never>>;
  readonly "vhd_to_image.overdue": Readonly<Record<string, never>>;
  readonly "vhd_to_image.poisoned": { readonly queue: "work" | "upload" };
}
