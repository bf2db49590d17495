import { failure } from "../errors.ts";
import type { BlobProperties } from "../ports.ts";
import { requestIdOf } from "../request/identity.ts";
import type { BlobRef, DiskSource } from "../request/image-request.ts";
import { checkPolicy } from "../request/policy.ts";
import type { DiskProgress, RequestRecord } from "../request/record.ts";
import { isTerminal } from "../request/states.ts";
import { enter, fail } from "../request/transitions.ts";
import { parseVhdName, type VhdName } from "../request/vhd-name.ts";
import { planVhdRequest } from "../request/vhd-request.ts";
import { checkDisks } from "./check-disks.ts";
import { findClaim, hasUnreadManifests } from "./claims.ts";
import { lookAgain, momentOf, proceed, type StageContext, type StageResult } from "./stage.ts";

/** Seconds until a manifest that was just uploaded should have been read. */
const UNREAD_MANIFEST_SECONDS = 5;

/** First step of a VHD without a manifest, as far as anyone knows yet. */
export async function startVhd(record: RequestRecord, context: StageContext): Promise<StageResult> {
  const name = vhdNameOf(record);
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
  if (claim !== null) return cancel(claim);
  const name = vhdNameOf(record);
  return name.lun === null
    ? settleOsDisk(record, blob, context)
    : joinOsDisk(record, name, context);
}

async function settleOsDisk(
  record: RequestRecord,
  blob: BlobProperties,
  context: StageContext,
): Promise<StageResult> {
  const dataBlobs = await listDataDisks(record, context);
  const known = (ref: BlobRef): DiskProgress | undefined =>
    record.disks.find((disk) => disk.ref?.name === ref.name);
  const disks = [
    known(blob) ?? waitingDisk("os", null, record.source),
    ...dataBlobs.map(({ lun, blob: data }) => known(data) ?? waitingDisk("data", lun, data)),
  ];
  const check = await checkDisks(
    disks,
    { manifestWrittenAt: null, attempts: record.attempts },
    context,
  );
  const looked = { ...record, disks: check.disks };
  const isDecided = check.allReady || check.failure !== null;
  if (isDecided && (await hasUnreadManifests(context))) {
    return lookAgain(looked, UNREAD_MANIFEST_SECONDS);
  }
  if (check.failure !== null) return proceed(fail(looked, check.failure, momentOf(context)));
  if (!check.allReady) return lookAgain(looked, check.lookAgainSeconds);
  return proceed(planImage(looked, blob, dataBlobs, context));
}

type DataBlob = { readonly lun: number; readonly blob: BlobProperties };

function planImage(
  record: RequestRecord,
  blob: BlobProperties,
  dataBlobs: readonly DataBlob[],
  context: StageContext,
): RequestRecord {
  const sourceOf = (ref: BlobRef): DiskSource => ({
    kind: "blob",
    uri: context.locator.uriOf(ref),
    ref: { container: ref.container, name: ref.name },
  });
  const upload = {
    name: blob.name,
    metadata: blob.metadata,
    source: sourceOf(blob),
    dataDisks: dataBlobs.map(({ lun, blob: data }) => ({
      lun,
      metadata: data.metadata,
      source: sourceOf(data),
    })),
  };
  const { request, failure: problem } = planVhdRequest(upload, context.defaults);
  if (problem !== null) return fail(record, problem, momentOf(context));
  if (request === null) throw new TypeError("a plan is a request or a failure");
  const { imageName: name, resourceGroup, subscriptionId, location } = request;
  const planned = {
    ...record,
    request,
    image: { name, resourceGroup, subscriptionId, location, id: null },
  };
  const refusal = checkPolicy(request, context.policy);
  if (refusal !== null) return fail(planned, refusal, momentOf(context));
  return enter(planned, "submitting", "every disk is complete", momentOf(context));
}

/** A data disk's own request ends as soon as the OS disk's request is there to take the disk in. */
async function joinOsDisk(
  record: RequestRecord,
  name: VhdName,
  context: StageContext,
): Promise<StageResult> {
  const osRef = { container: record.source.container, name: `${name.stem}${name.extension}` };
  const osBlob = await context.blobs.getProperties(osRef);
  const osRequest =
    osBlob === null
      ? null
      : await context.records.get(
          requestIdOf({ kind: "vhd", ...osRef, createdOn: osBlob.createdOn }),
        );
  if (osRequest === null) {
    return lookAgain(record, Math.max(1, context.timing.settleMinSeconds));
  }
  const { requestId, state, disks } = osRequest.record;
  const isTaken = disks.some((disk) => disk.ref?.name === record.source.name);
  const isOpen = state === "received" || state === "waiting";
  const isTooLate = !isTaken && !isOpen && state !== "canceled" && state !== "failed";
  if (isTooLate)
    return proceed(fail(record, explainTooLate(record, osRef.name), momentOf(context)));
  const outcome = isTerminal(state) ? `, which ${state}` : "";
  const message = `is data disk ${name.lun} of ${osRef.name} (request ${requestId}${outcome})`;
  return proceed(enter(record, "canceled", message, momentOf(context)));
}

function explainTooLate(record: RequestRecord, osName: string) {
  return failure({
    code: "DataDiskTooLate",
    message: `${record.source.name} came after the image of ${osName} had been asked for without it.`,
    fix: `Delete the image and upload ${osName} again, or upload a manifest that names both.`,
    target: record.source.name,
  });
}

async function listDataDisks(
  record: RequestRecord,
  context: StageContext,
): Promise<readonly DataBlob[]> {
  const { stem, extension } = vhdNameOf(record);
  const { container } = record.source;
  const page = await context.blobs.list(container, { prefix: `${stem}.lun` });
  return page.blobs
    .flatMap((blob) => {
      const name = parseVhdName(blob.name);
      const isOurs = name?.stem === stem && name.extension === extension && name.lun !== null;
      return isOurs && name.lun !== null ? [{ lun: name.lun, blob }] : [];
    })
    .sort((left, right) => left.lun - right.lun);
}

function waitingDisk(role: "os" | "data", lun: number | null, ref: BlobRef): DiskProgress {
  const { container, name } = ref;
  const detail = "not looked at yet";
  return {
    role,
    lun,
    ref: { container, name },
    external: null,
    state: "missing",
    detail,
    observed: null,
  };
}

function vhdNameOf(record: RequestRecord): VhdName {
  const name = parseVhdName(record.source.name);
  if (name === null) throw new TypeError(`${record.source.name} is no VHD's name`);
  return name;
}

function imageNameOf(name: VhdName): string {
  return name.stem.slice(name.stem.lastIndexOf("/") + 1);
}
