import { type Failure, failure } from "../errors.ts";
import type { DiskProgress, RequestRecord } from "../record/record.ts";
import { enter, fail } from "../record/transitions.ts";
import { hasRoomToday } from "./conversion-budget.ts";
import { momentOf, type StageContext } from "./stage.ts";

const GIB = 1024 ** 3;

/** Whether a disk has yet to become a VHD. */
export function isToConvert({ conversion }: DiskProgress): boolean {
  return conversion !== null && !conversion.isDone;
}

/**
 * The record of a request whose disks are complete, in its next state: those in other formats are
 * converted first, within what a request and a day may convert. What a conversion adds to the day counts when
 * it begins.
 */
export async function enterWhenComplete(
  record: RequestRecord,
  context: StageContext,
): Promise<RequestRecord> {
  const moment = momentOf(context);
  const open = record.disks.filter(isToConvert);
  if (open.length === 0) return enter(record, "submitting", "every disk is complete", moment);
  const { maxBytes } = context.conversion;
  const diskBytes = sumOf(open, ({ conversion }) => conversion?.diskBytes ?? 0);
  if (diskBytes > maxBytes) return fail(record, explainTooMuch(open, diskBytes, maxBytes), moment);
  // What another request converts or has converted is not converted again.
  const begun = await Promise.all(open.map((disk) => hasTarget(disk, context)));
  const fresh = open.filter((_, at) => !begun[at]);
  const dataBytes = sumOf(fresh, ({ conversion }) => conversion?.bytesTotal ?? 0);
  const hasRoom = dataBytes === 0 || (await hasRoomToday(dataBytes, context));
  if (!hasRoom) return fail(record, explainDayIsFull(fresh, dataBytes, context), moment);
  const names = open.map(({ ref, conversion }) => `${ref?.name} (${conversion?.from})`).join(", ");
  const disks = record.disks.map(
    (disk): DiskProgress => (isToConvert(disk) ? { ...disk, state: "converting" } : disk),
  );
  const message = `every disk is complete; converting ${names}`;
  return enter({ ...record, disks }, "converting", message, moment);
}

function sumOf(disks: readonly DiskProgress[], bytesOf: (disk: DiskProgress) => number): number {
  return disks.reduce((sum, disk) => sum + bytesOf(disk), 0);
}

function explainTooMuch(disks: readonly DiskProgress[], bytes: number, limit: number): Failure {
  return failure({
    code: "ConversionLimit",
    message: `The disks to convert have ${inGib(bytes)} GiB, above the limit of ${inGib(limit)} GiB for one request (${namesOf(disks)}).`,
    fix: "Raise CONVERT_MAX_GIB, or convert the disk before you upload it: npx vhd-to-image convert FILE OUT.vhd",
    target: disks[0]?.ref?.name ?? null,
  });
}

async function hasTarget({ conversion }: DiskProgress, { blobs }: StageContext): Promise<boolean> {
  return conversion !== null && (await blobs.getProperties(conversion.to)) !== null;
}

/** The failure of a request whose conversions would exceed the limit of a day. */
export function explainDayIsFull(
  disks: readonly DiskProgress[],
  bytes: number,
  { conversion }: StageContext,
): Failure {
  return failure({
    code: "ConversionLimit",
    message: `With the ${inGib(bytes)} GiB of data in ${namesOf(disks)}, more than ${inGib(conversion.maxBytesPerDay)} GiB would be converted today (UTC).`,
    fix: "Retry the request tomorrow, raise CONVERT_MAX_GIB_PER_DAY, or convert the disk before you upload it: npx vhd-to-image convert FILE OUT.vhd",
    retryable: true,
    target: disks[0]?.ref?.name ?? null,
  });
}

function namesOf(disks: readonly DiskProgress[]): string {
  return disks.map(({ ref }) => ref?.name).join(", ");
}

/** With one digit, rounded up: a limit that is exceeded never looks kept. */
function inGib(bytes: number): number {
  return Math.ceil((10 * bytes) / GIB) / 10;
}
