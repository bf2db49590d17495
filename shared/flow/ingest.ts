import { findNameProblem } from "../image/blob-name.ts";
import type { BlobRef } from "../image/image-request.ts";
import { familyOf } from "../metadata/vhd-name.ts";
import type { BlobProperties, BlobStore, Clock, Logger, RecordStore, WorkQueue } from "../ports.ts";
import type { Timing } from "../record/timing.ts";
import { kindOf } from "../stages/upload-kind.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import { openRecord } from "./open-record.ts";
import { stepMessage } from "./step-message.ts";

/** What it takes to open requests. */
export interface IngestContext {
  readonly blobs: BlobStore;
  readonly records: RecordStore;
  readonly workQueue: WorkQueue;
  readonly convertQueue: WorkQueue;
  readonly clock: Clock;
  readonly log: Logger;
  readonly telemetry: Telemetry;
  readonly timing: Timing;
  readonly uploadsContainer: string;
  readonly vhdWithoutManifest: "create" | "ignore";
}

/**
 * Opens the request of an upload and sends its first step. The same upload seen again is the same
 * request; other files and other containers get one log line.
 */
export async function ingest(ref: BlobRef, context: IngestContext): Promise<void> {
  const attributes = { "vhd_to_image.source": ref.name };
  await context.telemetry.span("ingest", { attributes }, () => takeUpload(ref, context));
}

async function takeUpload(ref: BlobRef, context: IngestContext): Promise<void> {
  const { container, name } = ref;
  const kind = kindOf(name);
  if (container !== context.uploadsContainer || kind === null) {
    context.log.info("upload.ignored", {
      container,
      name,
      reason: "neither a disk nor a manifest in the uploads container",
    });
    return;
  }
  const reason = findNameProblem(name);
  if (reason !== null) {
    context.log.warn("upload.refused", { container, name, reason });
    return;
  }
  const blob = await context.blobs.getProperties(ref);
  if (blob === null) {
    context.log.info("upload.gone", { container, name });
    return;
  }
  await openRequest(kind, blob, context);
}

/**
 * Opens the request of a blob whose properties are known. Returns whether it is a new one.
 */
export async function openRequest(
  kind: "manifest" | "vhd",
  blob: BlobProperties,
  context: IngestContext,
): Promise<boolean> {
  if (kind === "vhd") {
    // First, so that whoever is woken finds it, and other disks of the image do.
    await context.records.putDiskName(blob, familyOf(blob.name) ?? blob.name);
    await wakeClaimants(blob, context);
  }
  if (kind === "vhd" && context.vhdWithoutManifest === "ignore") {
    context.log.info("upload.ignored", {
      name: blob.name,
      reason: "VHD_WITHOUT_MANIFEST is ignore",
    });
    return false;
  }
  const record = openRecord({ kind, blob, retried: null }, context);
  const { requestId } = record;
  context.telemetry.annotate({
    "vhd_to_image.request.id": requestId,
    "vhd_to_image.request.kind": kind,
  });
  const isNew = await context.records.create(record);
  const stored = isNew ? null : await context.records.get(requestId);
  // The first step is sent again for a record that a crash left without one.
  if (isNew || stored?.record.state === "received") {
    await context.workQueue.send(stepMessage(record), 0);
  }
  if (isNew) context.log.info("request.opened", { requestId, source: blob.name, kind });
  return isNew;
}

/** Manifests that wait for this blob look at it now instead of at their next time. */
async function wakeClaimants(blob: BlobProperties, context: IngestContext): Promise<void> {
  for (const requestId of await context.records.listClaims(blob)) {
    await context.workQueue.send({ requestId }, 0);
  }
}
