import { failure } from "../errors.ts";
import { runStage } from "../flow/advance.ts";
import { openRecord } from "../flow/open-record.ts";
import { decodeManifest } from "../manifest/decode.ts";
import type { Problem } from "../manifest/problem.ts";
import { readManifest } from "../manifest/read-manifest.ts";
import type { BlobProperties, BlobStore, Logger } from "../ports.ts";
import type { RequestRecord } from "../record/record.ts";
import { isTerminal } from "../record/states.ts";
import { fail } from "../record/transitions.ts";
import { withConvertedDisks } from "../stages/converted-disks.ts";
import { findLatest } from "../stages/data-disk.ts";
import { MAX_MANIFEST_BYTES } from "../stages/receive.ts";
import { momentOf, type StepControl } from "../stages/stage.ts";
import { requestIdOfBlob } from "../stages/upload-kind.ts";
import { NO_TELEMETRY } from "../telemetry/telemetry.ts";
import type { PlanContext, Planning } from "./plan-context.ts";
import { type PlannedOutput, planOutputs } from "./plan-outputs.ts";
import { createScratchRecords } from "./scratch-records.ts";
import { withTargets } from "./unmade-targets.ts";
import { withManifest } from "./unsaved-manifest.ts";

/** What is to be planned. */
export type PlanInput =
  /** A manifest that nobody has uploaded, and the name that it would have. */
  | { readonly kind: "manifest"; readonly name: string; readonly bytes: Uint8Array }
  /** An upload that is there. */
  | { readonly kind: "upload"; readonly name: string; readonly uploadKind: "manifest" | "vhd" };

/** How far a request would come at once, and what would be sent for it. */
export interface Plan {
  /** The record as it would be then; nobody has saved it. */
  readonly record: RequestRecord;
  /** Whether the upload exists, so that the id of the record's request is the real one. */
  readonly isUploaded: boolean;
  readonly outputs: readonly PlannedOutput[];
  /** Mistakes of a manifest that cannot be read, with their places. */
  readonly mistakes: readonly Problem[];
}

/** A request takes fewer steps than this from its upload to its outputs. */
const MAX_STEPS = 10;
/** A plan does not wait: it looks at disks as if nobody wrote to them any more. */
const NO_WAIT = { settleSeconds: 0, settleMinSeconds: 0 } as const;
const ignore = (): void => {};
/** What happens while planning happened to nobody: it is neither logged nor counted. */
const SILENT: { readonly log: Logger; readonly telemetry: typeof NO_TELEMETRY } = {
  log: { info: ignore, warn: ignore, error: ignore },
  telemetry: NO_TELEMETRY,
};
/** Nobody else works on a record that is not saved. */
const CONTROL: StepControl = { claim: async (record) => record };

/**
 * Runs the steps of a request, from its upload up to the calls that would create its outputs, and
 * changes nothing: what the steps write stays in memory, and what they send to Azure is held back.
 * An upload whose request has ended is planned as its retry, an open request from where it is.
 * @returns null when the upload does not exist.
 */
export async function planUpload(input: PlanInput, outside: PlanContext): Promise<Plan | null> {
  const source = { container: outside.uploadsContainer, name: input.name };
  const records = createScratchRecords(outside.records);
  const timing = { ...outside.timing, ...NO_WAIT };
  const context: Planning = { ...outside, ...SILENT, records, timing };
  if (input.kind === "manifest") {
    const { blobs, blob } = withManifest(outside.blobs, source, input.bytes, outside.clock());
    const record = openRecord({ kind: "manifest", blob, retried: null }, context);
    return run(record, { ...context, blobs }, false);
  }
  const blob = await context.blobs.getProperties(source);
  if (blob === null) return null;
  return run(await startOf(input.uploadKind, blob, context), context, true);
}

/** The open request of an upload, or the one that would be opened for it next. */
async function startOf(
  kind: "manifest" | "vhd",
  blob: BlobProperties,
  context: Planning,
): Promise<RequestRecord> {
  const latest = await findLatest(requestIdOfBlob(kind, blob), context);
  if (latest !== null && !isTerminal(latest.state)) return latest;
  return openRecord({ kind, blob, retried: latest }, context);
}

async function run(start: RequestRecord, context: Planning, isUploaded: boolean): Promise<Plan> {
  const record = await runToOutputs(start, context);
  const mistakes = await listMistakes(record, context.blobs, context);
  const planned =
    record.request === null || isTerminal(record.state)
      ? { record, outputs: [] }
      : await planOutputs(
          record,
          withConvertedDisks(record.request, record.disks, context.locator),
          { ...context, blobs: withTargets(context.blobs, record.disks) },
          CONTROL,
        );
  return { ...planned, isUploaded, mistakes };
}

/** Takes steps until the disks are complete, nothing more happens at once, or the request ends. */
async function runToOutputs(start: RequestRecord, context: Planning): Promise<RequestRecord> {
  if (start.kind === "vhd" && context.vhdWithoutManifest === "ignore") {
    return fail(start, explainIgnored(start.source.name), momentOf(context));
  }
  let record = start;
  for (let step = 0; step < MAX_STEPS; step++) {
    const { state } = record;
    if (state !== "received" && state !== "waiting") break;
    const result = await runStage(record, context, CONTROL);
    if (result === null) break;
    ({ record } = result);
    if (record.state === state) break;
  }
  return record;
}

function explainIgnored(name: string) {
  return failure({
    code: "UploadIgnored",
    message: `${name} is not made into an image by itself: the setting VHD_WITHOUT_MANIFEST of the app is ignore.`,
    fix: "Plan, and upload, a manifest that names the disk.",
    target: name,
  });
}

/** Where the mistakes of a manifest are; the record has them in words, and not all of very many. */
async function listMistakes(
  { kind, source, error }: RequestRecord,
  blobs: BlobStore,
  { defaults, locator }: Planning,
): Promise<readonly Problem[]> {
  if (kind !== "manifest" || error?.code !== "InvalidManifest") return [];
  const { etag, name } = source;
  const blob = await blobs.getProperties(source);
  if (blob?.etag !== etag || blob.length > MAX_MANIFEST_BYTES) return [];
  const decoded = decodeManifest(await blobs.read(source, { offset: 0, count: blob.length, etag }));
  if (decoded.text === null) return [decoded.problem];
  const reading = readManifest(decoded.text, { name, defaults, locator });
  return reading.ok ? [] : reading.problems;
}
