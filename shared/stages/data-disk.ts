import { isDiskName } from "../disk/format/disk-files.ts";
import { type Failure, failure } from "../errors.ts";
import type { BlobRef } from "../image/image-request.ts";
import { familyOf, parseVhdName, type VhdName } from "../metadata/vhd-name.ts";
import type { BlobProperties } from "../ports.ts";
import { requestIdOf } from "../record/identity.ts";
import type { RequestRecord } from "../record/record.ts";
import { isTerminal } from "../record/states.ts";
import { enter, fail } from "../record/transitions.ts";
import { lookAgain, momentOf, proceed, type StageContext, type StageResult } from "./stage.ts";

/** A data disk that belongs to an OS disk by its name. */
export interface DataBlob {
  readonly lun: number;
  readonly blob: BlobProperties;
}

/** The disks of an image that are there, by their names; letters count in any case. */
export interface DiskFamily {
  /** One, unless several spell its name in different cases. */
  readonly osDisks: readonly BlobProperties[];
  /** In the order of luns. */
  readonly dataDisks: readonly DataBlob[];
  /** Every blob whose name begins like theirs, up to a dot: also manifests that are named after them. */
  readonly neighbors: readonly BlobProperties[];
}

/**
 * The disks that a disk belongs to by its name. The listing finds what no event has told of yet; what
 * is spelt in another case is found by the names that were noted when it was uploaded.
 */
export async function findFamily(own: BlobProperties, context: StageContext): Promise<DiskFamily> {
  const { container } = own;
  const name = vhdNameOf(own.name);
  const family = familyOf(own.name) ?? own.name;
  const [page, noted] = await Promise.all([
    context.blobs.list(container, { prefix: `${name.stem}.` }),
    context.records.listDiskNames(container, family),
  ]);
  const seen = new Map([own, ...page.blobs].map((blob) => [blob.name, blob]));
  const osName = `${name.stem}${name.extension}`;
  const unseen = [...new Set([osName, ...noted])].filter((other) => !seen.has(other));
  const read = await Promise.all(
    unseen.map((other) => context.blobs.getProperties({ container, name: other })),
  );
  const members = [...seen.values(), ...read.flatMap((blob) => blob ?? [])].flatMap((blob) => {
    const parsed = parseVhdName(blob.name);
    return parsed !== null && familyOf(blob.name) === family ? [{ blob, lun: parsed.lun }] : [];
  });
  return {
    osDisks: members.flatMap(({ blob, lun }) =>
      lun === null && isDiskName(blob.name) ? [blob] : [],
    ),
    dataDisks: members
      .flatMap(({ blob, lun }) => (lun === null ? [] : [{ lun, blob }]))
      .sort((left, right) => left.lun - right.lun),
    neighbors: page.blobs,
  };
}

/** Two disks for one place: the failure that names them all; null when each place has one. */
export function findNamesakes({ osDisks, dataDisks }: DiskFamily): Failure | null {
  const places = new Map<string, string[]>();
  const put = (place: string, name: string) =>
    places.set(place, [...(places.get(place) ?? []), name]);
  for (const { name } of osDisks) put("the OS disk", name);
  for (const { lun, blob } of dataDisks) put(`data disk ${lun}`, blob.name);
  for (const [place, names] of places) {
    if (names.length > 1) return explainNamesakes(place, names.sort());
  }
  return null;
}

function explainNamesakes(place: string, names: readonly string[]): Failure {
  const list = names.slice(0, 5).join(" and ");
  return failure({
    code: "AmbiguousNames",
    message: `By their names, ${list} are each ${place} of the same image: case and extension do not tell images apart.`,
    fix: "Delete all but one of them and upload that one again, or upload a manifest that names the disks.",
    target: names[0] ?? null,
    details: names.slice(0, 20).map((name) => ({
      code: "AmbiguousNames",
      message: `is ${place} by its name`,
      target: name,
    })),
  });
}

/** A data disk's own request ends as soon as the OS disk's request is there to take the disk in. */
export async function joinOsDisk(
  record: RequestRecord,
  blob: BlobProperties,
  context: StageContext,
): Promise<StageResult> {
  const family = await findFamily(blob, context);
  const namesakes = findNamesakes(family);
  if (namesakes !== null) return proceed(fail(record, namesakes, momentOf(context)));
  const osBlob = family.osDisks[0] ?? null;
  const osRequest = osBlob === null ? null : await findLatest(requestIdOfVhd(osBlob), context);
  if (osBlob === null || osRequest === null) {
    return lookAgain(record, Math.max(1, context.timing.settleMinSeconds));
  }
  const { lun } = vhdNameOf(blob.name);
  const { requestId, state, disks } = osRequest;
  const isTaken = disks.some((disk) => disk.ref?.name === record.source.name);
  const isOpen = state === "received" || state === "waiting";
  const isTooLate = !isTaken && !isOpen && state !== "canceled" && state !== "failed";
  if (isTooLate)
    return proceed(fail(record, explainTooLate(record, osBlob.name), momentOf(context)));
  const outcome = isTerminal(state) ? `, which ${state}` : "";
  const message = `is data disk ${lun} of ${osBlob.name} (request ${requestId}${outcome})`;
  return proceed(enter(record, "canceled", message, momentOf(context)));
}

/** The last attempt at the upload of a request; null when the request does not exist. */
export async function findLatest(
  requestId: string,
  context: Pick<StageContext, "records">,
): Promise<RequestRecord | null> {
  const record = (await context.records.get(requestId))?.record ?? null;
  if (record === null || record.retriedBy === null) return record;
  return (await findLatest(record.retriedBy, context)) ?? record;
}

function requestIdOfVhd({ container, name, createdOn }: BlobRef & { createdOn: Date }): string {
  return requestIdOf({ kind: "vhd", container, name, createdOn });
}

function explainTooLate(record: RequestRecord, osName: string) {
  return failure({
    code: "DataDiskTooLate",
    message: `${record.source.name} was uploaded after the image of ${osName} had been requested without it.`,
    fix: `Delete the image and upload ${osName} again, or upload a manifest that names both.`,
    target: record.source.name,
  });
}

/** What the name of a disk that opened a request says. */
export function vhdNameOf(name: string): VhdName {
  const parsed = parseVhdName(name);
  if (parsed === null) throw new TypeError(`${name} is not the name of a disk`);
  return parsed;
}
