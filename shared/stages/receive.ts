import type { Failure } from "../errors.ts";
import { BlobChangedError, failure } from "../errors.ts";
import { type BlobRef, nameTarget, toImageAddress } from "../image/image-request.ts";
import { checkPolicy } from "../image/policy.ts";
import { LIMITS } from "../limits.ts";
import { decodeManifest } from "../manifest/decode.ts";
import { findMentions } from "../manifest/mentions.ts";
import { formatPath, type Problem } from "../manifest/problem.ts";
import { readManifest } from "../manifest/read-manifest.ts";
import { describeWaiting, planDisks } from "../record/plan-disks.ts";
import type { RequestRecord } from "../record/record.ts";
import { findRecordSizeProblem } from "../record/record-size.ts";
import { enter, fail } from "../record/transitions.ts";
import { holdsSecret } from "../redact.ts";
import { momentOf, proceed, type Stage, type StageContext, type StageResult } from "./stage.ts";
import { startVhd } from "./vhd-upload.ts";

/** A manifest is read whole; a real one has a few KiB. */
export const MAX_MANIFEST_BYTES = LIMITS.manifestBytes.limit;

const CLAIMS_AT_ONCE = 10;

/** First step: find out what is requested. */
export const receive: Stage = (record, context) =>
  record.kind === "manifest" ? receiveManifest(record, context) : startVhd(record, context);

async function receiveManifest(record: RequestRecord, context: StageContext): Promise<StageResult> {
  const { name, etag } = record.source;
  const blob = await context.blobs.getProperties(record.source);
  if (blob === null || blob.etag !== etag) return proceed(superseded(record, context));
  const bytes = await readBytes(record, Math.min(blob.length, MAX_MANIFEST_BYTES), context);
  if (bytes === null) return proceed(superseded(record, context));
  const decoded = decodeManifest(bytes);
  const { defaults, locator } = context;
  // Also what is refused speaks for the disks it names: they must not become images meanwhile.
  const refuse = async (failure: Failure): Promise<StageResult> => {
    const text = decoded.text ?? decoded.legible;
    await putClaims(record, findMentions(text, undefined, { name, locator }), context);
    return proceed(fail(record, failure, momentOf(context)));
  };
  if (blob.length > MAX_MANIFEST_BYTES) return refuse(tooLarge(name, blob.length));
  if (decoded.text === null) return refuse(explain(name, [decoded.problem]));
  const reading = readManifest(decoded.text, { name, defaults, locator });
  await putClaims(record, reading.mentioned, context);
  if (!reading.ok) return proceed(fail(record, explain(name, reading.problems), momentOf(context)));
  const { request, inspect, convert, warnings } = reading;
  return proceed(plan({ ...record, inspect, convert, warnings }, request, context));
}

async function putClaims(
  { requestId }: RequestRecord,
  mentioned: readonly BlobRef[],
  context: StageContext,
): Promise<void> {
  // A name with a secret in it is refused in a request, and is not kept in a claim either.
  const blobs = mentioned.filter(({ name }) => !holdsSecret(name) && !holdsSecret(decode(name)));
  for (let start = 0; start < blobs.length; start += CLAIMS_AT_ONCE) {
    const some = blobs.slice(start, start + CLAIMS_AT_ONCE);
    await Promise.all(some.map((blob) => context.records.putClaim({ blob, requestId })));
  }
}

/** A name as a URI may write it. */
function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function plan(
  record: RequestRecord,
  request: NonNullable<RequestRecord["request"]>,
  context: StageContext,
): RequestRecord {
  const known = { ...record, image: toImageAddress(request) };
  const refusal = checkPolicy(request, context.policy);
  if (refusal !== null) return fail(known, refusal, momentOf(context));
  const disks = planDisks(request);
  const outputs = context.outputs.plan(request);
  const tooLong = findRecordSizeProblem({ ...known, request, disks, outputs }, "InvalidManifest");
  if (tooLong !== null) return fail(known, tooLong, momentOf(context));
  const message =
    describeWaiting(disks) === null
      ? `the sources of ${nameTarget(request)} need no upload`
      : `waiting for ${disks.flatMap((disk) => disk.ref?.name ?? []).join(", ")}`;
  return enter({ ...known, request, disks, outputs }, "waiting", message, momentOf(context));
}

/** The manifest's bytes; null when it changed since the event. */
async function readBytes(
  record: RequestRecord,
  length: number,
  context: StageContext,
): Promise<Uint8Array | null> {
  if (length === 0) return new Uint8Array();
  const range = { offset: 0, count: length, etag: record.source.etag };
  try {
    return await context.blobs.read(record.source, range);
  } catch (error) {
    if (error instanceof BlobChangedError) return null;
    throw error;
  }
}

function superseded(record: RequestRecord, context: StageContext): RequestRecord {
  const message = "the manifest was deleted or replaced before it was read";
  return enter(record, "canceled", message, momentOf(context));
}

/** Every problem as a detail, and a message that stands alone. */
function explain(name: string, problems: readonly Problem[]): Failure {
  const details = problems.map(({ path, message, line, column }) => ({
    code: "InvalidManifest",
    message: `line ${line}, column ${column}: ${path.length > 0 ? `${formatPath(path)} ` : ""}${message}`,
    target: path.length > 0 ? formatPath(path) : null,
  }));
  const count = details.length === 1 ? "a problem" : `${details.length} problems`;
  return failure({
    code: "InvalidManifest",
    message: `${name} has ${count}: ${details.map((detail) => detail.message).join("; ")}`.slice(
      0,
      4000,
    ),
    fix: "Correct the manifest and upload it again; GET /api/schema/manifest returns a JSON Schema for editors.",
    target: details[0]?.target ?? null,
    details: details.slice(0, 100),
  });
}

function tooLarge(name: string, length: number): Failure {
  return failure({
    code: "InvalidManifest",
    message: `${name} has ${length} bytes; a manifest has at most ${MAX_MANIFEST_BYTES}.`,
    fix: "Upload the manifest, not the disk, under a name that ends with .json.",
  });
}
