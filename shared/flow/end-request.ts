import { LIMITS } from "../limits.ts";
import type { PageTargets } from "../page-targets.ts";
import type { StoredRecord } from "../ports.ts";
import { fitRecord } from "../record/fit-record.ts";
import { isOpenOutput, type OutputProgress } from "../record/output.ts";
import type { RequestRecord } from "../record/record.ts";
import { isTerminal } from "../record/states.ts";
import type { Timing } from "../record/timing.ts";
import { addSeconds } from "../record/transitions.ts";
import { redactDeep } from "../redact.ts";
import { discardUnfinished } from "../stages/discard-target.ts";
import { type AnnounceContext, announce } from "./announce.ts";
import { takeRecord } from "./take-record.ts";
import { traceStep } from "./trace-step.ts";

/** What it takes to end a request from outside its steps. */
export interface EndContext extends AnnounceContext {
  readonly clock: () => Date;
  readonly timing: Timing;
  readonly targets: PageTargets;
}

/**
 * The one form in which a step saves a record: numbered, with the time at which the next step is due
 * (a record that has ended is due for its announcement), sealed, and of a size that the table takes: a
 * larger one comes back ended. Whatever ends a request saves it in this form: a step, a deadline,
 * poison, a cancellation.
 */
export function sealStep(
  record: RequestRecord,
  delaySeconds: number,
  { clock, timing }: Pick<EndContext, "clock" | "timing">,
): RequestRecord {
  const now = clock();
  const fitting = fitRecord(seal(record), { now, timing });
  const sealed = fitting.state === record.state ? fitting : seal(fitting);
  return {
    ...sealed,
    step: record.step + 1,
    updatedAt: now.toISOString(),
    dueAt: addSeconds(now, isTerminal(sealed.state) ? 0 : delaySeconds).toISOString(),
  };
}

/**
 * The record without secrets: what it tells people is redacted before it is written down for the first
 * time, and the signed URL of an operation is kept no longer than there is something to ask, and if a
 * property of the table can hold it.
 */
export function seal(record: RequestRecord): RequestRecord {
  return {
    ...record,
    claimedUntil: isTerminal(record.state) ? null : record.claimedUntil,
    outputs: record.outputs.map(sealOutput),
    warnings: redactDeep(record.warnings),
    error: redactDeep(record.error),
    events: redactDeep(record.events),
  };
}

function sealOutput(output: OutputProgress): OutputProgress {
  const { operation } = output;
  const isAsked =
    isOpenOutput(output) && (operation?.url ?? "").length <= LIMITS.operationUrl.limit;
  return {
    ...output,
    operation: operation && !isAsked ? { ...operation, url: null } : operation,
    error: redactDeep(output.error),
    progress: redactDeep(output.progress),
  };
}

/**
 * Ends a request from outside its steps, as the last step of its trace: saved in the form that every
 * end has, and announced. The step that may be under way loses the race for the record.
 * @param decide returns the record in its terminal state, or null to leave the request alone; it is
 *   asked again after a lost race, never for a request that has ended.
 * @returns the record as it is saved; null when the request was left alone.
 * @throws TypeError when `decide` returns a record that has not ended: a mistake of ours.
 */
export async function endRequest(
  requestId: string,
  context: EndContext,
  decide: (record: RequestRecord) => RequestRecord | null,
): Promise<RequestRecord | null> {
  return takeRecord(requestId, context, async (stored) => {
    const isOpen = stored !== null && !isTerminal(stored.record.state);
    const ended = isOpen ? decide(stored.record) : null;
    if (stored === null || ended === null) return null;
    if (!isTerminal(ended.state)) {
      throw new TypeError(`request ${requestId} would be left open in the state ${ended.state}`);
    }
    let saved = ended;
    await traceStep(stored, { requestId }, context.telemetry, async (traced) => {
      const { traceparent } = traced.record;
      saved = await saveEnd({ ...ended, traceparent }, traced, context);
      return saved;
    });
    return saved;
  });
}

async function saveEnd(
  ended: RequestRecord,
  base: StoredRecord,
  context: EndContext,
): Promise<RequestRecord> {
  const record = sealStep(ended, 0, context);
  const etag = await context.records.save(record, base);
  // Before the announcement: until that is done, the sweep sends for the request again.
  await discardUnfinished(record, context);
  return (await announce({ record, etag }, context)).record;
}
