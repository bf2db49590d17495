import { failure } from "../errors.ts";
import { parseVhdName, type VhdName } from "../metadata/vhd-name.ts";
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

/** A data disk's own request ends as soon as the OS disk's request is there to take the disk in. */
export async function joinOsDisk(
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

/** The data disks of an OS disk that are there, in the order of luns. */
export async function listDataDisks(
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

/** What the name of a VHD request's blob says. */
export function vhdNameOf(record: RequestRecord): VhdName {
  const name = parseVhdName(record.source.name);
  if (name === null) throw new TypeError(`${record.source.name} is no VHD's name`);
  return name;
}
