import type { ServiceError } from "../errors.ts";
import { growingDelay, spread } from "../request/delays.ts";
import type { RequestRecord } from "../request/record.ts";
import { FEW_ATTEMPTS, retryOf, toFailure } from "../request/service-errors.ts";
import { fail } from "../request/transitions.ts";
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
  const isExhausted = retry === "few" && record.retries + 1 >= FEW_ATTEMPTS;
  if (retry === "never" || isExhausted) {
    return proceed(fail(record, toFailure(error.parts), momentOf(context)));
  }
  const { code, status, retryAfterSeconds } = error.parts;
  const grown = growingDelay(context.timing.retrySeconds, record.retries);
  const delay = spread(Math.max(retryAfterSeconds ?? 0, grown), record.requestId, record.retries);
  context.log.warn("request.service.retry", {
    requestId: record.requestId,
    state: record.state,
    status,
    code,
    attempt: record.retries + 1,
    delaySeconds: Math.round(delay),
  });
  // Kept so that a deadline that strikes while the service is failing can say why.
  const waiting = { ...record, retries: record.retries + 1, error: toFailure(error.parts) };
  return { record: waiting, delaySeconds: delay };
}
