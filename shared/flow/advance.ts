import { failure, RecordConflictError } from "../errors.ts";
import type { StatusQueue, StoredRecord, WorkMessage, WorkQueue } from "../ports.ts";
import type { RequestRecord } from "../record/record.ts";
import { isTerminal, type RequestState } from "../record/states.ts";
import { addSeconds, isLate } from "../record/transitions.ts";
import { redactUpTo } from "../redact.ts";
import { explainConvertDeadline } from "../stages/conversion-work.ts";
import { convert } from "../stages/convert.ts";
import { discardUnfinished } from "../stages/discard-target.ts";
import { expireOutputs, makeOutputs } from "../stages/make-outputs.ts";
import { receive } from "../stages/receive.ts";
import { explainWaitDeadline, settle } from "../stages/settle.ts";
import {
  proceed,
  type Stage,
  type StageContext,
  type StageResult,
  type StepControl,
} from "../stages/stage.ts";
import { announce } from "./announce.ts";
import { seal, sealStep } from "./end-request.ts";
import { noteRetry } from "./note-retry.ts";
import { queueOf, stepMessage } from "./step-message.ts";
import { takeRecord } from "./take-record.ts";
import { traceStep } from "./trace-step.ts";

/** What a step of a request works with. */
export interface AdvanceContext extends StageContext {
  readonly workQueue: WorkQueue;
  /** For slices of conversions, which take a minute each: other steps do not wait behind them. */
  readonly convertQueue: WorkQueue;
  readonly statusQueue: StatusQueue;
  /** The app's storage account. */
  readonly account: string;
}

const MAX_TROUBLE_CHARACTERS = 300;

/** Ends a step whose request has been saved as ended by the step's own claim. */
class StepEndedError extends Error {
  override readonly name = "StepEndedError";
}

/** What a step does in each state, and how a state ends whose deadline has passed. */
const STAGES: Readonly<Record<RequestState, { run: Stage; expire: Expiry } | null>> = {
  received: { run: receive, expire: explainWaitDeadline },
  waiting: { run: settle, expire: explainWaitDeadline },
  converting: { run: convert, expire: explainConvertDeadline },
  submitting: { run: makeOutputs, expire: expireOutputs },
  creating: { run: makeOutputs, expire: expireOutputs },
  succeeded: null,
  failed: null,
  canceled: null,
};
type Expiry = (record: RequestRecord, context: StageContext) => RequestRecord;

/**
 * One step of a request: read the record, announce what was not yet, act, send for the next step,
 * save. Whoever loses the race for the record reads it again and decides again. Stale messages and
 * messages for unknown requests do nothing.
 */
export async function advance(
  message: WorkMessage,
  context: AdvanceContext,
  queue: "work" | "convert" = "work",
): Promise<void> {
  let step = message.step;
  await takeRecord(message.requestId, context, async (stored, race) => {
    if (race > 0) context.log.info("request.race", { requestId: message.requestId, race });
    if (stored === null) {
      context.log.warn("request.unknown", { requestId: message.requestId });
      return;
    }
    if (stored.record.state === "converting" && queue === "work") {
      // Sent before the request came to this state, or by somebody who does not look at states.
      await context.convertQueue.send(message, 0);
      return;
    }
    // A message for whichever step is next, or for a later one, means the step that it meets: if the
    // race for it is lost, it has been taken.
    const due = Math.min(step ?? stored.record.step, stored.record.step);
    step = due;
    try {
      await traceStep(stored, message, context.telemetry, (traced) =>
        takeStep(traced, due, context),
      );
    } catch (error) {
      if (!(error instanceof RecordConflictError)) {
        await noteTrouble(message.requestId, error, context);
      }
      throw error;
    }
  });
}

/**
 * Notes why a step failed, for the status and for the poison handler. It may well fail itself; the
 * step's own error is what counts.
 */
async function noteTrouble(
  requestId: string,
  trouble: unknown,
  context: AdvanceContext,
): Promise<void> {
  const message = trouble instanceof Error ? trouble.message : String(trouble);
  const error = failure({
    code: "StepFailed",
    message: redactUpTo(message, MAX_TROUBLE_CHARACTERS),
    fix: null,
    retryable: true,
  });
  try {
    const stored = await context.records.get(requestId);
    if (stored === null || isTerminal(stored.record.state)) return;
    const { record } = stored;
    // One that a row cannot hold any more is not retried: it ends here, as in a step.
    const ended = sealStep(record, 0, context);
    const isTooLarge = isTerminal(ended.state);
    if (isTooLarge) await context.workQueue.send(stepMessage(ended), 0);
    await context.records.save(isTooLarge ? ended : seal({ ...record, error }), stored);
  } catch (second) {
    context.log.warn("request.trouble.unnoted", { requestId, error: String(second) });
  }
}

/** Takes the step, unless somebody else has or is at it, and returns the record as it is then. */
async function takeStep(
  read: StoredRecord,
  step: number,
  context: AdvanceContext,
): Promise<RequestRecord> {
  let stored = await announceStep(read, context);
  // Whoever opened the retry may have died before it noted that.
  if (stored.record.state === "received") await noteRetry(stored.record, context);
  if (step < stored.record.step || isClaimed(stored.record, context.clock())) return stored.record;
  const saveStep = async (
    result: StageResult,
    claimedUntil: string | null = null,
  ): Promise<void> => {
    const { delaySeconds } = result;
    const record = sealStep({ ...result.record, claimedUntil }, delaySeconds, context);
    if (!isTerminal(record.state)) {
      await queueOf(record, context).send(stepMessage(record), delaySeconds);
    }
    for (const requestId of result.wake ?? []) await context.workQueue.send({ requestId }, 0);
    stored = { record, etag: await context.records.save(record, stored) };
  };
  const control: StepControl = {
    claim: async (record) => {
      const delaySeconds = context.timing.overdueSeconds;
      const claimedUntil = addSeconds(context.clock(), delaySeconds).toISOString();
      await saveStep({ record, delaySeconds }, claimedUntil);
      // Nothing is asked of the service for a request that could not be saved.
      if (isTerminal(stored.record.state)) throw new StepEndedError();
      return stored.record;
    },
  };
  const result = await runStage(stored.record, context, control).catch((error: unknown) => {
    if (error instanceof StepEndedError) return null;
    throw error;
  });
  if (result !== null) await saveStep(result);
  return (await announceStep(stored, context)).record;
}

/**
 * Announces what was not yet. Of a request that has ended, what it converted in part is removed first: until
 * the end is announced, the sweep sends for the request again. A step that was under way when somebody
 * else ended the request comes here too, when it has lost the race.
 */
async function announceStep(stored: StoredRecord, context: AdvanceContext): Promise<StoredRecord> {
  if (isTerminal(stored.record.state)) await discardUnfinished(stored.record, context);
  return announce(stored, context);
}

/** Whether some process is at a step that nobody else may take; should it die, the claim ends. */
function isClaimed({ claimedUntil }: RequestRecord, now: Date): boolean {
  return claimedUntil !== null && now < new Date(claimedUntil);
}

/** The record after one step in its state; null in a terminal state. */
export async function runStage(
  record: RequestRecord,
  context: StageContext,
  control: StepControl,
): Promise<StageResult | null> {
  const stage = STAGES[record.state];
  if (stage === null) return null;
  // Nobody may have looked for long, so a deadline ends only what a last look finds unchanged.
  const late = isLate(record, context.clock());
  const result = await stage.run(record, context, control);
  return late && result.record.state === record.state
    ? proceed(stage.expire(result.record, context))
    : result;
}
