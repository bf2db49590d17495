import { isDiskName } from "../disk/format/disk-files.ts";
import { type BlobRef, type DiskSource, toImageAddress } from "../image/image-request.ts";
import { checkPolicy } from "../image/policy.ts";
import { askedConversion } from "../metadata/conversion-metadata.ts";
import type { VhdName } from "../metadata/vhd-name.ts";
import { askedGeneration, planVhdRequest } from "../metadata/vhd-request.ts";
import type { BlobProperties } from "../ports.ts";
import { findDecidedSizeProblem } from "../record/decided-size.ts";
import { waitingDisk } from "../record/plan-disks.ts";
import type { DiskProgress, RequestRecord } from "../record/record.ts";
import { findRecordSizeProblem } from "../record/record-size.ts";
import { addSeconds, enter, fail, isLate } from "../record/transitions.ts";
import { checkDisks } from "./check-disks.ts";
import { type DiskClaim, findClaim } from "./claims.ts";
import {
  type DataBlob,
  type DiskFamily,
  findFamily,
  findNamesakes,
  joinOsDisk,
  vhdNameOf,
} from "./data-disk.ts";
import { enterWhenComplete } from "./enter-when-complete.ts";
import { lookAgain, momentOf, proceed, type StageContext, type StageResult } from "./stage.ts";
import { findUnreadManifests } from "./unread-manifests.ts";

/** Seconds until a manifest that was just uploaded should have been read. */
const UNREAD_MANIFEST_SECONDS = 5;
/** Seconds until a disk that a manifest may mean is checked again. */
const HELD_BACK_SECONDS = 60;
/** So long a disk that has settled waits for manifests that nobody has read, at most. */
export const MAX_UNREAD_WAIT_SECONDS = 55;
const NO_FAMILY: DiskFamily = { osDisks: [], dataDisks: [], neighbors: [] };

/** First step of a VHD without a manifest, as far as anyone knows yet. */
export async function startVhd(record: RequestRecord, context: StageContext): Promise<StageResult> {
  const name = vhdNameOf(record.source.name);
  const osDisk = name.lun === null ? record.source.name : `${name.stem}${name.extension}`;
  const message =
    name.lun === null
      ? `waiting until ${osDisk} is complete, or a manifest names it`
      : `data disk ${name.lun} of ${osDisk}`;
  const disks = [waitingDisk("os", null, { container: record.source.container, name: osDisk })];
  const image = {
    name: imageNameOf(name),
    resourceGroup: null,
    subscriptionId: null,
    location: null,
    id: null,
  };
  return proceed(enter({ ...record, disks, image }, "waiting", message, momentOf(context)));
}

/** Waits until the VHD is complete, unless it turns out to belong to somebody else's request. */
export async function settleVhd(
  record: RequestRecord,
  context: StageContext,
): Promise<StageResult> {
  const cancel = (message: string): StageResult =>
    proceed(enter(record, "canceled", message, momentOf(context)));
  const blob = await context.blobs.getProperties(record.source);
  if (blob === null) return cancel("the VHD was deleted before it became an image");
  if (blob.createdOn.toISOString() !== record.source.createdOn) {
    return cancel("the VHD was replaced by a newer upload");
  }
  const claim = await findClaim(record.source, record.source.createdOn, context);
  if (claim?.kind === "taken") return cancel(claim.message);
  if (claim !== null) return holdBack(record, claim, context);
  const isDataDisk = vhdNameOf(blob.name).lun !== null && isDiskName(blob.name);
  return isDataDisk ? joinOsDisk(record, blob, context) : settleOsDisk(record, blob, context);
}

/** A manifest that is still open may mean the disk; the status says which one. */
function holdBack(record: RequestRecord, claim: DiskClaim, context: StageContext): StageResult {
  const disks = record.disks.map((disk) => ({ ...disk, detail: claim.message }));
  const seconds = Math.min(HELD_BACK_SECONDS, Math.max(1, context.timing.settleMinSeconds));
  return lookAgain({ ...record, disks }, seconds);
}

async function settleOsDisk(
  record: RequestRecord,
  blob: BlobProperties,
  context: StageContext,
): Promise<StageResult> {
  // A file that cannot be a disk fails by itself; it takes no data disks with it.
  const family = isDiskName(blob.name) ? await findFamily(blob, context) : NO_FAMILY;
  const dataBlobs = family.dataDisks;
  const known = (ref: BlobRef): DiskProgress | undefined =>
    record.disks.find((disk) => disk.ref?.name === ref.name);
  const disks = [
    known(blob) ?? waitingDisk("os", null, record.source),
    ...dataBlobs.map(({ lun, blob: data }) => known(data) ?? waitingDisk("data", lun, data)),
  ];
  const check = await checkDisks(
    disks,
    {
      manifest: null,
      manifestWrittenAt: null,
      attempts: record.attempts,
      generation: askedGeneration(blob.metadata),
      convert: askedConversion(blob.metadata) ?? context.conversion.mode,
      known: blob,
    },
    context,
  );
  const failure = findNamesakes(family) ?? check.failure;
  const isDecided = check.allReady || failure !== null;
  const looked = {
    ...record,
    disks: check.disks,
    decidedAt: isDecided ? (record.decidedAt ?? context.clock().toISOString()) : null,
  };
  const writtenBy = addSeconds(lastWriteTo(blob, check.disks), context.timing.settleSeconds);
  if (mayWaitForManifests(looked, context)) {
    const surroundings = { container: blob.container, writtenBy, neighbors: family.neighbors };
    const unread = await findUnreadManifests(surroundings, context);
    const isFirstLook = record.decidedAt === null;
    const waiting = lookAgain(looked, UNREAD_MANIFEST_SECONDS);
    if (unread.areThere) return isFirstLook ? { ...waiting, wake: unread.requestIds } : waiting;
  }
  // What is read by now has put its claims; it may have been read while the disks were checked.
  const claim = isDecided ? await findClaim(blob, record.source.createdOn, context) : null;
  if (claim?.kind === "taken") {
    return proceed(enter(looked, "canceled", claim.message, momentOf(context)));
  }
  if (claim !== null) return holdBack(looked, claim, context);
  if (failure !== null) return proceed(fail(looked, failure, momentOf(context)));
  if (!check.allReady) return lookAgain(looked, check.lookAgainSeconds);
  return proceed(await planImage(looked, blob, dataBlobs, context));
}

/**
 * Whether a VHD that is decided on may still wait for manifests to be read: for a minute from then on,
 * whatever other uploads do. A manifest that cannot be read must not keep everybody else's disks.
 */
function mayWaitForManifests(record: RequestRecord, context: StageContext): boolean {
  const { decidedAt } = record;
  const now = context.clock();
  const isOver =
    decidedAt === null || now >= addSeconds(new Date(decidedAt), MAX_UNREAD_WAIT_SECONDS);
  return !isOver && !isLate(record, now);
}

/** When the last of the disks was written to. */
function lastWriteTo(blob: BlobProperties, disks: readonly DiskProgress[]): Date {
  const times = disks.flatMap(({ observed }) =>
    observed ? Date.parse(observed.lastModified) : [],
  );
  return new Date(Math.max(blob.lastModified.getTime(), ...times));
}

async function planImage(
  record: RequestRecord,
  blob: BlobProperties,
  dataBlobs: readonly DataBlob[],
  context: StageContext,
): Promise<RequestRecord> {
  const sourceOf = (ref: BlobRef): DiskSource => ({
    kind: "blob",
    uri: context.locator.uriOf(ref),
    ref: { container: ref.container, name: ref.name },
  });
  const upload = {
    name: blob.name,
    metadata: blob.metadata,
    source: sourceOf(blob),
    finding: record.disks.find(({ role }) => role === "os")?.inspection ?? null,
    dataDisks: dataBlobs.map(({ lun, blob: data }) => ({
      lun,
      metadata: data.metadata,
      source: sourceOf(data),
    })),
  };
  const plan = planVhdRequest(upload, context.defaults);
  if (!plan.ok) return fail(record, plan.failure, momentOf(context));
  const { draft: request, decided } = plan;
  const planned = {
    ...record,
    request,
    decided,
    outputs: context.outputs.plan(request),
    warnings: plan.warnings.map((warning) => `${blob.name}: ${warning}`),
    image: toImageAddress(request),
  };
  const tooLong = findRecordSizeProblem(planned, "IncompleteRequest");
  if (tooLong !== null) return fail(record, tooLong, momentOf(context));
  const refusal = checkPolicy(request, context.policy);
  if (refusal !== null) return fail(planned, refusal, momentOf(context));
  const tooLarge = findDecidedSizeProblem(record.disks, decided);
  if (tooLarge !== null) return fail(planned, tooLarge, momentOf(context));
  return enterWhenComplete(planned, context);
}

function imageNameOf(name: VhdName): string {
  return name.stem.slice(name.stem.lastIndexOf("/") + 1);
}
