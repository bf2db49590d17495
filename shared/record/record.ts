import * as z from "zod";
import { INSPECT_MODES } from "../image/decide-property.ts";
import { blobRefSchema, decisionSchema, imageDraftSchema } from "../image/image-request.ts";
import { CONVERT_MODES } from "../vocabulary.ts";
import { conversionSchema } from "./conversion.ts";
import { failureSchema } from "./failure.ts";
import { inspectionSchema } from "./inspection.ts";
import { type OutputProgress, outputSchema } from "./output.ts";
import { REQUEST_STATES, type RequestState } from "./states.ts";
import { upgradeRecord } from "./upgrade-record.ts";

const timestamp = z.iso.datetime();

/** What was last seen of a blob, and since when it looks like that (times of the storage service). */
const observationSchema = z.object({
  etag: z.string(),
  /** When this ETag was read first, so that two reads can be distinguished. */
  firstReadAt: timestamp,
  lastModified: timestamp,
  createdOn: timestamp,
  /** Whether the blob had a Content-MD5 at the first look: then it says nothing about the end. */
  md5FromStart: z.boolean(),
});
export type Observation = z.infer<typeof observationSchema>;

/**
 * the request waits while one is `missing`, `uploading` or `copying`. `complete`: checked, to be used under its
 * ETag, as it is or converted; with a detail, checked and refused. `converting`: what it becomes is not complete. `external`: not the app's to read (another account, a snapshot, a disk, a machine).
 */
export const DISK_STATES = [
  "missing",
  "uploading",
  "copying",
  "converting",
  "complete",
  "external",
] as const;

const diskSchema = z.object({
  role: z.enum(["os", "data", "vm"]),
  lun: z.number().nullable(),
  /** The blob for a disk of the own account, else null. */
  ref: blobRefSchema.nullable(),
  /** The resource id or URI of a disk that is not a blob of the own account, else null. */
  external: z.string().nullable(),
  state: z.enum(DISK_STATES),
  detail: z.string().nullable(),
  observed: observationSchema.nullable(),
  /** What is on the disk; null before it was checked, and for one that the app does not read. */
  inspection: inspectionSchema.nullable().default(null),
  /** How it is converted; null for a disk that is used as it is. */
  conversion: conversionSchema.nullable().default(null),
  /** What a user should know of the disk though an image can be made from it. */
  warnings: z.array(z.string()).readonly().default([]),
});
export type DiskProgress = z.infer<typeof diskSchema>;

const eventSchema = z.object({
  /** Counts from 1 within the request, without gaps. */
  sequence: z.number(),
  at: timestamp,
  state: z.enum(REQUEST_STATES),
  message: z.string(),
  /** A region that has got an output or will not get it; then the state did not change. */
  region: z.object({ output: z.string(), name: z.string(), state: z.string() }).optional(),
});
/** One state change, or the end of a region. The list of them is the outbox of the status queue. */
export type RequestEvent = z.infer<typeof eventSchema>;

/** The truth about one request. Saved whole, guarded by its ETag. */
export const requestRecordSchema = z.object({
  schemaVersion: z.literal(2),
  requestId: z.string(),
  kind: z.enum(["manifest", "vhd"]),
  source: blobRefSchema.extend({ etag: z.string(), createdOn: timestamp, lastModified: timestamp }),
  /** Which try of its upload this request is, counted from 1. */
  attempt: z.number().default(1),
  /** The request that this one retries; null for the first of an upload. */
  retryOf: z.string().nullable().default(null),
  /** The request that retries this one. Noted after the other was opened; it is set once. */
  retriedBy: z.string().nullable().default(null),
  state: z.enum(REQUEST_STATES),
  /** Number of the next step; a message for an earlier one is stale. */
  step: z.number(),
  /** Until when one process has this step to itself; null when none has. */
  claimedUntil: timestamp.nullable(),
  /** Looks in a row within this state; the delay to the next one grows with it. */
  attempts: z.number(),
  /** Errors of the service in a row; the delay to the next try grows with it. */
  retries: z.number(),
  /** Of these, the refusals in a row at the end: after a few of them the request fails. */
  refusals: z.number(),
  image: z
    .object({
      name: z.string(),
      resourceGroup: z.string().nullable(),
      subscriptionId: z.string().nullable(),
      location: z.string().nullable(),
      id: z.string().nullable(),
    })
    .nullable(),
  /** What was requested. What it leaves open is in `decided`. */
  request: imageDraftSchema.nullable(),
  /**
   * How strictly the content of the disks is compared with the request. Records from before this key have
   * the settings' defaults in `request` as if they had been requested: a contradiction is only reported.
   */
  inspect: z.enum(INSPECT_MODES).default("warn"),
  /** Whether its disks may be converted; null: as the setting says. */
  convert: z.enum(CONVERT_MODES).nullable().default(null),
  /** What the image is created as where that was open; null until the sources have been checked. */
  decided: decisionSchema.nullable().default(null),
  /** What a user should know that is not about one disk alone. */
  warnings: z.array(z.string()).readonly().default([]),
  disks: z.array(diskSchema).readonly(),
  /** What the request makes; empty until it is known. */
  outputs: z.array(outputSchema).readonly(),
  /**
   * Since when a VHD without a manifest could be decided on, while it waits for manifests that nobody
   * has read; null as long as its disks are not settled.
   */
  decidedAt: timestamp.nullable().default(null),
  /** Why the request failed; before that, the service's last answer that is being retried. */
  error: failureSchema.nullable(),
  createdAt: timestamp,
  updatedAt: timestamp,
  completedAt: timestamp.nullable(),
  /** When the present state ends by itself; null in a terminal state. */
  deadlineAt: timestamp.nullable(),
  /** When the next step is to be done at the latest: what the sweep looks for. Null: nothing is left. */
  dueAt: timestamp.nullable(),
  events: z.array(eventSchema).readonly(),
  /** Sequence number of the last event known to be on the status queue. */
  announced: z.number(),
  /**
   * The span that opened the request (https://www.w3.org/TR/trace-context/): every step belongs to it.
   * Null without telemetry.
   */
  traceparent: z.string().nullable().default(null),
});

export type RequestRecord = z.infer<typeof requestRecordSchema>;

/**
 * The record in a JSON document, of today's schema or of an earlier one.
 * @throws ZodError when it is not one that this app writes.
 */
export function parseRecord(json: unknown): RequestRecord {
  return requestRecordSchema.parse(upgradeRecord(json));
}

/** The record with one of its outputs replaced. `image` shows the id of the managed image. */
export function replaceOutput(record: RequestRecord, output: OutputProgress): RequestRecord {
  const isImage = output.kind === "managedImage" && output.id !== null;
  return {
    ...record,
    image: isImage ? record.image && { ...record.image, id: output.id } : record.image,
    outputs: record.outputs.map((other) => (other.kind === output.kind ? output : other)),
  };
}

/** The events that are in the history but perhaps not yet on the status queue. */
export function unannounced(record: RequestRecord): readonly RequestEvent[] {
  return record.events.filter((event) => event.sequence > record.announced);
}

/** The last state change before the given event, null for the first. */
export function eventBefore(record: RequestRecord, event: RequestEvent): RequestEvent | null {
  const isBefore = (other: RequestEvent): boolean =>
    other.sequence < event.sequence && other.region === undefined;
  return record.events.findLast(isBefore) ?? null;
}

/** The state before the given event, null for the first. */
export function stateBefore(record: RequestRecord, event: RequestEvent): RequestState | null {
  return eventBefore(record, event)?.state ?? null;
}
