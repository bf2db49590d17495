import { RecordConflictError } from "../errors.ts";
import type { StatusQueue, StoredRecord, WorkMessage, WorkQueue } from "../ports.ts";
import type { RequestRecord } from "../request/record.ts";
import { isTerminal, type RequestState } from "../request/states.ts";
import { addSeconds } from "../request/transitions.ts";
import { announce } from "./announce.ts";
import { receive } from "./receive.ts";
import { explainWaitDeadline, settle } from "./settle.ts";
import { proceed, type Stage, type StageContext, type StageResult } from "./stage.ts";
import { submit } from "./submit.ts";
import { explainCreateDeadline, track } from "./track.ts";

/** What a step of a request works with. */
export interface AdvanceContext extends StageContext {
  readonly workQueue: WorkQueue;
  readonly statusQueue: StatusQueue;
}

const MAX_RACES = 5;

/** What a step does in each state, and how a state ends whose deadline has passed. */
const STAGES: Readonly<Record<RequestState, { run: Stage; expire: Expiry } | null>> = {
  received: { run: receive, expire: explainWaitDeadline },
  waiting: { run: settle, expire: explainWaitDeadline },
  submitting: { run: submit, expire: explainCreateDeadline },
  creating: { run: track, expire: explainCreateDeadline },
  succeeded: null,
  failed: null,
  canceled: null,
};
type Expiry = (record: RequestRecord, context: StageContext) => RequestRecord;

/**
 * One step of a request: read the record, announce what was not yet, act, send for the next step,
 * save. Whoever loses the race for the record reads it anew and decides again. Stale messages and
 * messages for unknown requests do nothing.
 */
export async function advance(message: WorkMessage, context: AdvanceContext): Promise<void> {
  let step = message.step;
  for (let race = 0; race < MAX_RACES; race++) {
    const stored = await context.records.get(message.requestId);
    if (stored === null) {
      context.log.warn("request.unknown", { requestId: message.requestId });
      return;
    }
    // A message for whichever step is next means this one: if the race is lost, it has been taken.
    step ??= stored.record.step;
    try {
      await takeStep(stored, step, context);
      return;
    } catch (error) {
      if (!(error instanceof RecordConflictError)) throw error;
      context.log.info("request.race", { requestId: message.requestId, race });
    }
  }
  throw new RecordConflictError(
    `request ${message.requestId} was saved by others ${MAX_RACES} times in a row`,
  );
}

async function takeStep(read: StoredRecord, step: number, context: AdvanceContext): Promise<void> {
  const stored = await announce(read, context);
  const { record } = stored;
  const isStale = step < record.step;
  const result = isStale ? null : await runStage(record, context);
  if (result === null) return;
  const next = schedule(result, context.clock());
  if (!isTerminal(next.state)) {
    await context.workQueue.send(
      { requestId: next.requestId, step: next.step },
      result.delaySeconds,
    );
  }
  const etag = await context.records.save(next, stored);
  await announce({ record: next, etag }, context);
}

/** The record after one step in its state; null in a terminal state. */
async function runStage(record: RequestRecord, context: StageContext): Promise<StageResult | null> {
  const stage = STAGES[record.state];
  if (stage === null) return null;
  const isLate = record.deadlineAt !== null && context.clock() >= new Date(record.deadlineAt);
  return isLate ? proceed(stage.expire(record, context)) : stage.run(record, context);
}

/** Numbers the step and says when the next one is due; a terminal record is due for its announcement. */
function schedule({ record, delaySeconds }: StageResult, now: Date): RequestRecord {
  return {
    ...record,
    step: record.step + 1,
    updatedAt: now.toISOString(),
    dueAt: addSeconds(now, isTerminal(record.state) ? 0 : delaySeconds).toISOString(),
  };
}
