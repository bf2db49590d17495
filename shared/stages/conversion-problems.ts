import { DiskReadError } from "../disk/disk-reader.ts";
import { RefusedDiskError } from "../disk/maps/refusal.ts";
import { BlobChangedError, type Failure, failure } from "../errors.ts";
import { PageCallError, type PageCallProblem } from "../page-targets.ts";
import type { Conversion } from "../record/conversion.ts";
import type { DiskProgress, RequestRecord } from "../record/record.ts";
import { enter, fail, note } from "../record/transitions.ts";
import { UnpackError } from "../unpack.ts";
import { backOff, type ConversionWork, replaceConversion, untroubled } from "./conversion-work.ts";
import { discardTarget } from "./discard-target.ts";
import { isToConvert } from "./enter-when-complete.ts";
import { explainDamaged, explainRefusal } from "./plan-conversion.ts";
import { momentOf, proceed, type StageContext, type StageResult } from "./stage.ts";

/** A target that turns out not to be what was written is written from the start so often. */
const MAX_RESTARTS = 5;

/** What follows from a call that storage did not carry out; `conversion` is how far it is by now. */
export function handleProblem(
  work: ConversionWork,
  conversion: Conversion,
  problem: PageCallProblem,
): StageResult | Promise<StageResult> {
  const { record, disk, context } = work;
  switch (problem) {
    case "busy":
      return backOff(replaceConversion(record, disk, conversion), {
        tries: conversion.cursor > work.conversion.cursor ? 0 : record.retries,
        context,
      });
    case "source-changed":
      return checkAgain(record, disk, context);
    case "target-gone":
      return beginAnew(work, conversion);
    case "source-unreadable":
      return proceed(passThrough(work, conversion));
  }
}

/** Storage cannot read the source: from here on the app passes the bytes on, for all of its disks. */
function passThrough(
  { record, disk, context }: ConversionWork,
  conversion: Conversion,
): RequestRecord {
  const changed = replaceConversion(record, disk, conversion);
  const disks = changed.disks.map((other) =>
    other.conversion !== null && isToConvert(other)
      ? { ...other, conversion: { ...other.conversion, mode: "through" as const } }
      : other,
  );
  const message = `storage cannot read ${disk.ref?.name} itself (a firewall or a private endpoint): the app passes the bytes on`;
  return untroubled(note({ ...changed, disks }, message, context.clock()));
}

/** The target is not what was written: somebody removed or changed it. */
export function beginAnew(work: ConversionWork, conversion: Conversion): StageResult {
  const { record, disk, context } = work;
  const restarts = conversion.restarts + 1;
  if (restarts > MAX_RESTARTS) {
    return proceed(fail(record, explainRestarts(conversion), momentOf(context)));
  }
  const fresh = { cursor: 0, bytesDone: 0, bytesWritten: 0, targetCreatedOn: null };
  const anew = replaceConversion(record, disk, { ...conversion, ...fresh, restarts });
  return { ...backOff(anew, { tries: restarts, context }), record: untroubled(anew) };
}

function explainRestarts({ to }: Conversion): Failure {
  return failure({
    code: "ConversionDisturbed",
    message: `The converted disk ${to.container}/${to.name} was removed or changed by somebody else ${MAX_RESTARTS} times while it was being written.`,
    fix: "Find out what else writes to that container (lifecycle rules, scripts), and retry the request.",
    retryable: true,
    target: to.name,
  });
}

/**
 * The source changed after its check: what was written of it is removed, and the request waits for it
 * again from the start.
 */
export async function checkAgain(
  record: RequestRecord,
  disk: DiskProgress,
  context: StageContext,
): Promise<StageResult> {
  const { conversion } = disk;
  if (conversion !== null) await discardTarget(conversion, record.requestId, context);
  const disks = record.disks.map(
    (other): DiskProgress =>
      isToConvert(other)
        ? { ...other, state: "uploading", detail: null, conversion: null, inspection: null }
        : other,
  );
  const message = `${disk.ref?.name} changed after it had been checked`;
  return proceed(enter({ ...record, disks }, "waiting", message, momentOf(context)));
}

/** What is not removed now goes by the sweep. */
export async function removeQuietly({ to }: Conversion, context: StageContext): Promise<void> {
  try {
    await context.targets.remove(to);
  } catch (error) {
    if (!(error instanceof PageCallError)) throw error;
    context.log.warn("convert.target.kept", { name: to.name, reason: error.message });
  }
}

/**
 * What follows from an error of a slice.
 * @throws the error itself when it says nothing about the disk.
 */
export function explainTrouble(
  work: ConversionWork,
  error: unknown,
): StageResult | Promise<StageResult> {
  const { record, disk, conversion, blob, context } = work;
  if (error instanceof PageCallError) return handleProblem(work, conversion, error.problem);
  if (error instanceof BlobChangedError) return checkAgain(record, disk, context);
  const refusal =
    error instanceof RefusedDiskError ? explainRefusal(blob.name, error.refusal) : null;
  const isDamaged = error instanceof UnpackError || error instanceof DiskReadError;
  const reason = refusal ?? (isDamaged ? explainDamaged(blob.name, error) : null);
  if (reason === null) throw error;
  return proceed(fail(record, reason, momentOf(context)));
}
