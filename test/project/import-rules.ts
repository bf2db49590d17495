/** What the modules of one layer may import. */
export interface ImportRule {
  /** Layers of this repository; a layer always may import its own modules. */
  readonly layers: readonly string[];
  /** Layers of which only types may come over. */
  readonly types?: readonly string[];
  readonly packages: readonly string[];
}

/**
 * Import directions of what is deployed. A layer is `functions`, a folder of `shared/`, or a single
 * file there. What the table does not list is not allowed.
 */
export const IMPORT_RULES: Readonly<Record<string, ImportRule>> = {
  functions: {
    layers: [
      "stages",
      "azure",
      "http",
      "request",
      "manifest",
      "ports",
      "settings",
      "errors",
      "redact",
      "lazily",
      "telemetry",
      "opentelemetry",
    ],
    packages: [
      "@azure/functions",
      "@azure/functions-extensions-base",
      "@azure/identity",
      "zod",
      "node",
    ],
  },
  stages: {
    layers: ["request", "manifest", "vhd", "ports", "events", "errors", "redact", "telemetry"],
    types: ["settings"],
    packages: [],
  },
  azure: {
    layers: ["ports", "request", "errors", "redact", "lazily"],
    types: ["settings"],
    packages: [
      "@azure/arm-compute",
      "@azure/core-rest-pipeline",
      "@azure/data-tables",
      "@azure/identity",
      "@azure/storage-blob",
      "@azure/storage-queue",
    ],
  },
  http: { layers: ["request", "ports", "errors", "redact"], packages: [] },
  request: {
    layers: ["manifest", "vhd", "errors"],
    types: ["settings"],
    packages: ["zod", "node"],
  },
  manifest: {
    layers: ["request", "vhd"],
    types: ["settings"],
    packages: ["zod", "jsonc-parser", "fastest-levenshtein", "node"],
  },
  vhd: { layers: ["request", "manifest"], packages: [] },
  telemetry: { layers: ["errors"], types: ["ports", "request"], packages: [] },
  opentelemetry: {
    layers: ["telemetry", "redact"],
    packages: [
      "@azure/functions-opentelemetry-instrumentation",
      "@azure/identity",
      "@azure/monitor-opentelemetry-exporter",
      "@opentelemetry/api",
      "@opentelemetry/context-async-hooks",
      "@opentelemetry/core",
      "@opentelemetry/resources",
      "@opentelemetry/sdk-logs",
      "@opentelemetry/sdk-metrics",
      "@opentelemetry/sdk-trace-base",
    ],
  },
  ports: { layers: [], types: ["request", "vhd", "errors", "events"], packages: [] },
  events: { layers: ["request", "redact", "errors"], packages: [] },
  settings: {
    layers: ["setting-values", "storage-connection", "manifest", "errors"],
    packages: [],
  },
  "setting-values": { layers: [], types: ["manifest"], packages: [] },
  "storage-connection": { layers: [], packages: [] },
  errors: { layers: [], packages: [] },
  redact: { layers: [], packages: [] },
  lazily: { layers: [], packages: [] },
};

/** Layer of a file: `shared/azure/storage/queues.ts` is in `azure`, `shared/ports.ts` in `ports`. */
export function layerOf(file: string): string {
  const [top = "", second = ""] = file.split("/");
  return top === "shared" ? second.replace(/\.ts$/, "") : top;
}
