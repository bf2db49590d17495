import { failure, ServiceError } from "../errors.ts";
import { firstFailed, isOpenOutput, nextOutput, type OutputProgress } from "../record/output.ts";
import type { RequestRecord } from "../record/record.ts";
import { addSeconds, enter, fail } from "../record/transitions.ts";
import { withConvertedDisks } from "./converted-disks.ts";
import { explainCreateTimedOut } from "./create-deadline.ts";
import { failOutput, type OutputResult, type OutputWork } from "./output-step.ts";
import { retryOutput } from "./service-failure.ts";
import { momentOf, proceed, type Stage, type StageContext, type StageResult } from "./stage.ts";
import { submitOutput } from "./submit.ts";
import { followOutput } from "./track.ts";

/**
 * One step of the output whose step is due first: it is requested, or followed. The request is
 * `submitting` as long as an output has not been accepted, `creating` as long as one is open, and ends
 * when all have ended.
 */
export const makeOutputs: Stage = async (record, context, control) => {
  const output = nextOutput(record.outputs);
  if (record.request === null || output === null) {
    throw new TypeError(`request ${record.requestId} has nothing to make`);
  }
  const request = withConvertedDisks(record.request, record.disks, context.locator);
  const kind = context.outputs.kindOf(output);
  const work: OutputWork = { record, request, output, kind, context, control };
  const step = output.state === "pending" ? submitOutput : followOutput;
  const result = await step(work).catch((error: unknown) => {
    if (error instanceof ServiceError) return retryOutput(work, error);
    throw error;
  });
  if (result.record.state === "waiting") return proceed(result.record);
  return conclude(endIfLate(result, work), context);
};

/** A request whose time is over: what has not been accepted, or is not ready, has failed. */
export function expireOutputs(record: RequestRecord, context: StageContext): RequestRecord {
  const isLate = ({ state }: OutputProgress): boolean =>
    record.state === "submitting" ? state === "pending" : true;
  const result = record.outputs
    .filter((output) => isOpenOutput(output) && isLate(output))
    .reduce<OutputResult | null>((before, output) => {
      const error = explainCreateTimedOut(output, context.outputs.kindOf(output));
      return failOutput({ record: before?.record ?? record, context }, output, error);
    }, null);
  return result === null ? record : conclude(result, context).record;
}

/** An output that Azure has been at work on for longer than its kind may take. */
function endIfLate(result: OutputResult, work: OutputWork): OutputResult {
  const { output } = result;
  const { kind, context } = work;
  const isFollowed = isOpenOutput(output) && output.state !== "pending";
  if (!isFollowed || output.operation === null) return result;
  const submittedAt = new Date(output.operation.submittedAt);
  const deadline = addSeconds(submittedAt, kind.deadlineSeconds(context.timing));
  if (context.clock() < deadline) return result;
  return failOutput({ ...work, ...result }, output, explainCreateTimedOut(output, kind));
}

/** The request as its outputs are now, and when the next step is due. */
function conclude({ record, output, message }: OutputResult, context: StageContext): StageResult {
  const open = record.outputs.filter(isOpenOutput);
  if (open.length === 0) return proceed(end(record, message, context));
  const isAccepted = open.every(({ state }) => state !== "pending");
  const entered =
    record.state === "submitting" && isAccepted
      ? withDeadline(enter(record, "creating", message, momentOf(context)), open, context)
      : record;
  return { record: mirror(entered, open, output), delaySeconds: untilDue(open, context) };
}

function end(record: RequestRecord, message: string, context: StageContext): RequestRecord {
  const failed = firstFailed(record.outputs);
  if (failed !== null) return fail(record, failed.error ?? UNEXPLAINED, momentOf(context));
  const isCanceled = record.outputs.some(({ state }) => state === "canceled");
  return enter(record, isCanceled ? "canceled" : "succeeded", message, momentOf(context));
}

/** An output fails with an error, or with its request; then the request has one. */
const UNEXPLAINED = failure({ code: "StepFailed", message: "An output failed.", fix: null });

/** A request may last as long as the slowest of its outputs. */
function withDeadline(
  record: RequestRecord,
  open: readonly OutputProgress[],
  context: StageContext,
): RequestRecord {
  const seconds = open.map((output) =>
    context.outputs.kindOf(output).deadlineSeconds(context.timing),
  );
  return {
    ...record,
    deadlineAt: addSeconds(context.clock(), Math.max(...seconds)).toISOString(),
  };
}

/** What the status shows as being retried: the trouble of one output, of this step's if it has any. */
function mirror(
  record: RequestRecord,
  open: readonly OutputProgress[],
  output: OutputProgress,
): RequestRecord {
  const shown = [output, ...open].find(({ error, state }) => error !== null && state !== "failed");
  const { error, attempts, retries, refusals } = shown ?? output;
  const isTrouble = shown !== undefined;
  return { ...record, error: isTrouble ? error : null, attempts, retries, refusals };
}

function untilDue(open: readonly OutputProgress[], context: StageContext): number {
  const now = context.clock().getTime();
  const due = open.map(({ dueAt }) => (dueAt === null ? now : Date.parse(dueAt)));
  return Math.max(0, (Math.min(...due) - now) / 1000);
}
