import { type Failure, failure, type ServiceErrorParts } from "../errors.ts";
import { CODE_RULES } from "./code-rules.ts";
import { nameInFix } from "./fix-names.ts";
import type { Retry, ServiceErrorRule, StatusPattern } from "./rule.ts";
import { STATUS_RULES } from "./status-rules.ts";

/**
 * Tries in all, the first included, of what is retried `few` times: with the delays of 10, 20, 40 … 300
 * seconds the last one comes after ten minutes, by which a new role assignment has taken effect
 * (https://learn.microsoft.com/azure/role-based-access-control/troubleshooting).
 */
export const FEW_ATTEMPTS = 7;

/**
 * Whether and how an error of the service is retried. The status goes first: what it calls passing is
 * retried whatever the code, because `OperationNotAllowed`, for one, is final with 409 and a
 * throttle with 429. Where the status is final, or the rule of the code is for this very status, the
 * code knows better.
 */
export function retryOf(error: ServiceErrorParts): Retry {
  const byStatus = findRule(STATUS_RULES, error)?.retry ?? "never";
  const byCode = findRule(CODE_RULES, error);
  return byStatus === "never" || (byCode?.codes !== undefined && byCode.statuses !== undefined)
    ? (byCode?.retry ?? "never")
    : byStatus;
}

/**
 * An error of the service as a user sees it. `outputId` is the resource id of the output that it is
 * about, where that is known: the commands of the fix name its parts.
 */
export function toFailure(error: ServiceErrorParts, outputId = ""): Failure {
  const { code, message, target, details } = error;
  const rule = findRule(CODE_RULES, error) ?? findRule(STATUS_RULES, error);
  const retryable = retryOf(error) !== "never";
  const fix = rule === undefined ? null : nameInFix(rule.fix, message, outputId);
  return failure({ code, message, target, details, fix, retryable });
}

function findRule(
  rules: readonly ServiceErrorRule[],
  error: ServiceErrorParts,
): ServiceErrorRule | undefined {
  const text = `${error.target ?? ""}\n${error.message}`.toLowerCase();
  return rules.find(
    ({ statuses, codes, words }) =>
      (statuses?.some((pattern) => matchesStatus(pattern, error.status)) ?? true) &&
      (codes?.includes(error.code) ?? true) &&
      (words?.some((word) => text.includes(word.toLowerCase())) ?? true),
  );
}

function matchesStatus(pattern: StatusPattern, status: number | null): boolean {
  switch (pattern) {
    case "none":
      return status === null;
    case "5xx":
      return status !== null && status >= 500;
    default:
      return status === pattern;
  }
}
