/** A room: `functions`, `cli`, `board`, a folder of `shared/`, or a single file there. */
export interface Room {
  readonly name: string;
  /** Packages that its modules may import; `node` stands for the built-in modules. */
  readonly packages?: readonly string[];
}

/**
 * The rooms in the order of their imports: a room imports from itself and from those above it in the
 * list, never from those below. So every import runs one way, and there can be no circle of rooms.
 */
export const ROOMS: readonly Room[] = [
  // Runs in browsers, and knows of the app what the API answers.
  { name: "board", packages: ["preact"] },
  { name: "errors" },
  { name: "lazily" },
  { name: "limits" },
  { name: "plain-object" },
  { name: "redact" },
  { name: "vocabulary" },
  { name: "disk" },
  { name: "unpack", packages: ["node"] },
  { name: "image", packages: ["zod", "node"] },
  { name: "manifest", packages: ["zod", "jsonc-parser", "fastest-levenshtein", "node"] },
  { name: "metadata" },
  { name: "record", packages: ["zod", "node"] },
  { name: "service-errors" },
  { name: "settings" },
  { name: "events" },
  { name: "blob-properties" },
  { name: "page-targets" },
  { name: "record-removal" },
  { name: "version-claims" },
  { name: "ports" },
  { name: "gallery-ports" },
  { name: "outputs" },
  { name: "telemetry" },
  { name: "conversion", packages: ["node"] },
  {
    name: "opentelemetry",
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
  {
    name: "azure",
    packages: [
      "@azure/arm-compute",
      "@azure/core-rest-pipeline",
      "@azure/data-tables",
      "@azure/identity",
      "@azure/storage-blob",
      "@azure/storage-queue",
      "node",
    ],
  },
  { name: "stages" },
  { name: "flow" },
  { name: "http", packages: ["node"] },
  { name: "plan" },
  {
    name: "functions",
    packages: [
      "@azure/functions",
      "@azure/functions-extensions-base",
      "@azure/identity",
      "zod",
      "node",
    ],
  },
  {
    name: "cli",
    packages: ["@azure/identity", "@azure/storage-blob", "commander", "xz-decompress", "node"],
  },
];

/**
 * Rooms above a room in the list that it may not import all the same: what decides knows the ports, and
 * only the composition root knows what is behind them.
 */
export const CLOSED_DOORS: Readonly<Record<string, readonly string[]>> = {
  outputs: ["azure", "opentelemetry"],
  conversion: ["azure", "opentelemetry"],
  stages: ["azure", "opentelemetry"],
  flow: ["azure", "opentelemetry"],
  http: ["azure", "opentelemetry", "stages", "flow"],
  plan: ["azure", "opentelemetry"],
  // The command line is another program: it knows what disks, manifests and answers look like, and
  // reaches the app by HTTP and its blobs with the rights of whoever calls it.
  cli: [
    "azure",
    "blob-properties",
    "events",
    "flow",
    "functions",
    "opentelemetry",
    "ports",
    "service-errors",
    "settings",
    "stages",
    "telemetry",
  ],
};

/** Room of a file: `shared/azure/arm/clouds.ts` is in `azure`, `shared/ports.ts` in `ports`. */
export function roomOf(file: string): string {
  const [top = "", second = ""] = file.split("/");
  return top === "shared" ? second.replace(/\.ts$/, "") : top;
}
