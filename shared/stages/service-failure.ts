import type { ServiceError } from "../errors.ts";
import { growingDelay, spread } from "../record/delays.ts";
import type { RequestRecord } from "../record/record.ts";
import { fail } from "../record/transitions.ts";
import { FEW_ATTEMPTS, retryOf, toFailure } from "../service-errors/service-errors.ts";
import { momentOf, proceed, type StageContext, type StageResult } from "./stage.ts";

/**
 * What follows from an error of the service: another try later, or the end of the request. The wait,
 * however long the service asks for, is spent in the queue.
 */
export function handleServiceError(
  record: RequestRecord,
  error: ServiceError,
  context: StageContext,
): StageResult {
  const retry = retryOf(error.parts);
  const refusals = retry === "few" ? record.refusals + 1 : 0;
  if (retry === "never" || refusals >= FEW_ATTEMPTS) {
    return proceed(fail(record, toFailure(error.parts), momentOf(context)));
  }
  const { code, status, retryAfterSeconds } = error.parts;
  const grown = growingDelay(context.timing.retrySeconds, record.retries);
  const wanted = spread(Math.max(retryAfterSeconds ?? 0, grown), record.requestId, record.retries);
  const delay = Math.min(wanted, secondsLeft(record, context.clock()));
  context.log.warn("request.service.retry", {
    requestId: record.requestId,
    state: record.state,
    status,
    code,
    attempt: record.retries + 1,
    delaySeconds: Math.round(delay),
  });
  context.telemetry.measure("vhd_to_image.retries", 1, { code });
  // Kept so that a deadline that strikes while the service is failing can say why.
  const retries = record.retries + 1;
  const waiting = { ...record, retries, refusals, error: toFailure(error.parts) };
  return { record: waiting, delaySeconds: delay };
}

/** Seconds until the state's deadline: however long the service asks to wait, it ends then. */
function secondsLeft(record: RequestRecord, now: Date): number {
  if (record.deadlineAt === null) return Number.POSITIVE_INFINITY;
  return Math.max(0, (new Date(record.deadlineAt).getTime() - now.getTime()) / 1000);
}
