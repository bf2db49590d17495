import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type ParseError, parse, printParseErrorCode } from "jsonc-parser";
import { z } from "zod";
import { HostStartError } from "./errors.ts";
import { parseTimeSpan } from "./time-span.ts";

/** How queue messages are fetched, retried and encoded. Times are in milliseconds. */
export interface QueueConfig {
  readonly batchSize: number;
  readonly newBatchThreshold: number;
  readonly maxDequeueCount: number;
  readonly visibilityTimeoutMs: number;
  readonly maxPollingIntervalMs: number;
  /** The same for a queue that hardly anybody but this host sends to: it wakes its own listener. */
  readonly ownPollingIntervalMs: number;
  readonly messageEncoding: "base64" | "none";
}

/** What of host.json the stand-in acts on. Times are in milliseconds; `undefined` is "no limit". */
export interface HostConfig {
  readonly routePrefix: string;
  readonly maxOutstandingRequests: number | undefined;
  readonly maxConcurrentRequests: number | undefined;
  readonly functionTimeoutMs: number | undefined;
  readonly queues: QueueConfig;
  readonly blobs: { readonly maxDegreeOfParallelism: number; readonly poisonBlobThreshold: number };
  readonly logLevels: Readonly<Record<string, string>>;
}

/**
 * The longest pause between two looks at an empty queue. The host's default is a minute; against a
 * local queue a second keeps the app brisk and costs nothing.
 */
const LOCAL_MAX_POLLING_INTERVAL_MS = 1000;
/** For poison queues and that of blob events, whose messages the host reports to itself. */
const OWN_MAX_POLLING_INTERVAL_MS = 5000;
/** The default of every plan but Consumption. */
const DEFAULT_FUNCTION_TIMEOUT = "00:30:00";

const timeSpan = z.string().transform((text, context) => {
  const milliseconds = parseTimeSpan(text);
  if (milliseconds !== undefined) return milliseconds;
  context.addIssue(`'${text}' is not a TimeSpan such as "00:00:30"`);
  return z.NEVER;
});
/** QueuesOptions and JobHostOptions read a bare number of this one setting as milliseconds. */
const pollingInterval = z.union([z.number().int().positive(), timeSpan]);
const noLimit = (value: number): number | undefined => (value === -1 ? undefined : value);
const requestLimit = z.number().int().min(-1).default(-1).transform(noLimit);
const functionTimeout = z.union([z.literal("-1").transform(() => undefined), timeSpan]);

const hostJson = z.object({
  version: z.literal("2.0", { error: 'must be "2.0"' }),
  functionTimeout: functionTimeout.prefault(DEFAULT_FUNCTION_TIMEOUT),
  logging: z.object({ logLevel: z.record(z.string(), z.string()).default({}) }).prefault({}),
  extensions: z
    .object({
      http: z
        .object({
          routePrefix: z.string().default("api"),
          maxOutstandingRequests: requestLimit,
          maxConcurrentRequests: requestLimit,
        })
        .prefault({}),
      queues: z
        .object({
          batchSize: z.number().int().min(1).max(32).default(16),
          newBatchThreshold: z.number().int().min(0).optional(),
          maxDequeueCount: z.number().int().min(1).default(5),
          visibilityTimeout: timeSpan.prefault("00:00:00"),
          maxPollingInterval: pollingInterval.prefault("00:01:00"),
          messageEncoding: z.enum(["base64", "none"]).default("base64"),
        })
        .prefault({}),
      blobs: z
        .object({
          maxDegreeOfParallelism: z.number().int().min(1).optional(),
          poisonBlobThreshold: z.number().int().min(1).default(5),
        })
        .prefault({}),
    })
    .prefault({}),
});

/**
 * Returns the configuration in `host.json` of an app folder, with the host's defaults
 * (https://learn.microsoft.com/azure/azure-functions/functions-host-json).
 * Throws HostStartError when the file is missing or invalid, naming line or path.
 */
export function readHostConfig(appDirectory: string): HostConfig {
  const file = join(appDirectory, "host.json");
  const parsed = hostJson.safeParse(readJson(file));
  if (!parsed.success) {
    const issues = parsed.error.issues.map((i) => `${i.path.join(".") || "(root)"}: ${i.message}`);
    throw new HostStartError(`${file} is invalid: ${issues.join("; ")}`);
  }
  return toHostConfig(parsed.data, availableParallelism());
}

function toHostConfig(json: z.output<typeof hostJson>, cores: number): HostConfig {
  const { http, queues, blobs } = json.extensions;
  return {
    routePrefix: http.routePrefix.replace(/^\/+|\/+$/g, ""),
    maxOutstandingRequests: http.maxOutstandingRequests,
    maxConcurrentRequests: http.maxConcurrentRequests,
    functionTimeoutMs: json.functionTimeout,
    queues: {
      batchSize: queues.batchSize,
      newBatchThreshold: queues.newBatchThreshold ?? Math.floor(queues.batchSize / 2) * cores,
      maxDequeueCount: queues.maxDequeueCount,
      visibilityTimeoutMs: queues.visibilityTimeout,
      maxPollingIntervalMs: Math.min(queues.maxPollingInterval, LOCAL_MAX_POLLING_INTERVAL_MS),
      ownPollingIntervalMs: Math.min(queues.maxPollingInterval, OWN_MAX_POLLING_INTERVAL_MS),
      messageEncoding: queues.messageEncoding,
    },
    blobs: {
      maxDegreeOfParallelism: blobs.maxDegreeOfParallelism ?? 8 * cores,
      poisonBlobThreshold: blobs.poisonBlobThreshold,
    },
    logLevels: json.logging.logLevel,
  };
}

function readJson(file: string): unknown {
  const text = readText(file);
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first === undefined) return value;
  const before = text.slice(0, first.offset).split("\n");
  const column = (before.at(-1)?.length ?? 0) + 1;
  const code = printParseErrorCode(first.error);
  throw new HostStartError(`${file}:${before.length}:${column} is not JSON: ${code}`);
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new HostStartError(`${file} cannot be read: every function app needs one.`, { cause });
  }
}
