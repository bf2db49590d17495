import { openSource } from "../conversion/open-source.ts";
import { runSlice, type SliceResult } from "../conversion/run-slice.ts";
import { RefusedDiskError } from "../disk/maps/refusal.ts";
import type { Conversion } from "../record/conversion.ts";
import type { RequestRecord } from "../record/record.ts";
import { enter, fail } from "../record/transitions.ts";
import {
  beginAnew,
  checkAgain,
  explainTrouble,
  handleProblem,
  removeQuietly,
} from "./conversion-problems.ts";
import { type ConversionWork, replaceConversion, untroubled } from "./conversion-work.ts";
import { finishTarget, prepareTarget } from "./convert-target.ts";
import { explainDayIsFull, isToConvert } from "./enter-when-complete.ts";
import { measureSlice } from "./measure-slice.ts";
import { readerOf } from "./reader-of.ts";
import {
  momentOf,
  proceed,
  type Stage,
  type StageContext,
  type StageResult,
  type StepControl,
} from "./stage.ts";
import { releaseTarget, takeTarget } from "./target-note.ts";

/** A disk that another request converts is checked again after so many seconds. */
const LOOK_AGAIN_SECONDS = 10;

/**
 * One slice of the conversion of a request's first disk that is not done. What it saves is how far
 * everything is certainly done; a slice that is repeated writes the same bytes again (ADR 28).
 */
export const convert: Stage = async (record, context, control) => {
  const disk = record.disks.find(isToConvert);
  if (disk === undefined) {
    return proceed(enter(record, "submitting", "every disk is converted", momentOf(context)));
  }
  const gone = await findLostSource(record, context);
  if (gone !== null) return gone;
  const { ref, conversion } = disk;
  const blob = ref && (await context.blobs.getProperties(ref));
  if (conversion === null || blob === null || blob.etag !== disk.observed?.etag) {
    return checkAgain(record, disk, context);
  }
  return convertDisk({ record, disk, conversion, blob, context }, control);
};

/** Today's rule for a manifest or an upload that is not there any more; null when it is. */
async function findLostSource(
  record: RequestRecord,
  context: StageContext,
): Promise<StageResult | null> {
  if (record.kind !== "manifest") return null;
  const manifest = await context.blobs.getProperties(record.source);
  if (manifest?.etag === record.source.etag) return null;
  const message =
    manifest === null
      ? "the manifest was deleted while its disks were being converted"
      : "the manifest was replaced by a newer upload";
  return proceed(enter(record, "canceled", message, momentOf(context)));
}

async function convertDisk(work: ConversionWork, control: StepControl): Promise<StageResult> {
  const { record, conversion, blob, context } = work;
  const { requestId } = record;
  const options = {
    records: context.records,
    now: context.clock(),
    seconds: context.timing.overdueSeconds,
  };
  const writer = await takeTarget(conversion, requestId, options);
  const reader = readerOf(blob, context);
  let claimed = work;
  try {
    const opened = await openSource({ reader, etag: blob.etag, lastModified: blob.lastModified });
    if (opened.kind === "refused") throw new RefusedDiskError(opened.refusal);
    const { map, footer } = opened;
    const target = await prepareTarget(
      { conversion, blob, footer, requestId, isWriter: writer === null },
      context,
    );
    if (target.kind === "complete") return diskDone(work, conversion);
    if (target.kind === "day-is-full") {
      const limit = explainDayIsFull([work.disk], conversion.bytesTotal, context);
      return proceed(fail(record, limit, momentOf(context)));
    }
    if (writer !== null) return waitForWriter(work, writer);
    // Of several processes at this step one goes on; should it die, the step is taken again.
    const begun = replaceConversion(record, work.disk, target.conversion);
    claimed = { ...work, record: await control.claim(begun), conversion: target.conversion };
    const slice = await runSlice({
      conversion: target.conversion,
      map,
      reader,
      source: { container: blob.container, name: blob.name },
      etag: blob.etag,
      targets: context.targets,
      clock: context.clock,
    });
    measureSlice(slice, context.telemetry);
    if (!slice.isAtEnd) return goOn(claimed, slice);
    if (await finishTarget(slice.conversion, footer, context)) {
      return diskDone(claimed, slice.conversion);
    }
    await removeQuietly(slice.conversion, context);
    return beginAnew(claimed, slice.conversion);
  } catch (error) {
    return explainTrouble(claimed, error);
  }
}

/** After a slice that ended before the disk did. */
function goOn(
  work: ConversionWork,
  { conversion, problem }: SliceResult,
): StageResult | Promise<StageResult> {
  return problem === null
    ? proceed(untroubled(replaceConversion(work.record, work.disk, conversion)))
    : handleProblem(work, conversion, problem);
}

/** The disk is a VHD now. The next step takes the next one, or goes on with the request. */
async function diskDone(work: ConversionWork, conversion: Conversion): Promise<StageResult> {
  const { record, disk, context } = work;
  await releaseTarget(conversion, record.requestId, context.records);
  const { bytesTotal, diskBytes } = conversion;
  const done = { ...conversion, isDone: true, cursor: diskBytes, bytesDone: bytesTotal };
  const converted = untroubled(replaceConversion(record, disk, done));
  if (converted.disks.some(isToConvert)) return proceed(converted);
  const message = "every disk is converted";
  return proceed(enter(converted, "submitting", message, momentOf(context)));
}

function waitForWriter({ record, disk }: ConversionWork, writer: string): StageResult {
  const detail = `${writer} is converting the same disk; this request resumes when that is done`;
  const disks = record.disks.map((other) => (other === disk ? { ...disk, detail } : other));
  return { record: untroubled({ ...record, disks }), delaySeconds: LOOK_AGAIN_SECONDS };
}
