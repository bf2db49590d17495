import type { ErrorDetail, Failure } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { redactWithin } from "../redact.ts";

/**
 * A failure as it is kept: without secrets, with texts and details up to their limits. Much of it comes from uploaders
 * and from the service, and it is read again with every look at the status.
 */
export function boundFailure(failure: Failure): Failure {
  const { code, message, fix, target, details } = failure;
  return {
    ...failure,
    code: redactWithin(code, LIMITS.errorCode),
    message: redactWithin(message, LIMITS.errorMessage),
    fix: fix === null ? null : redactWithin(fix, LIMITS.errorFix),
    target: target === null ? null : redactWithin(target, LIMITS.errorTarget),
    details: details.slice(0, LIMITS.details.limit).map(boundDetail),
  };
}

function boundDetail({ code, message, target }: ErrorDetail): ErrorDetail {
  return {
    code: redactWithin(code, LIMITS.errorCode),
    message: redactWithin(message, LIMITS.detailMessage),
    target: target === null ? null : redactWithin(target, LIMITS.errorTarget),
  };
}
