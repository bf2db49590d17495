import type { Failure } from "../errors.ts";

const MAX_MESSAGE = 4000;
const MAX_FIX = 8000;
const MAX_DETAILS = 100;

/**
 * Several mistakes as one failure: that of the first, with the words of all. Each is a detail.
 * @throws TypeError without any.
 */
export function combineFailures(failures: readonly Failure[]): Failure {
  const [first, ...others] = failures;
  if (first === undefined) throw new TypeError("there is no failure to combine");
  if (others.length === 0) return first;
  const fixes = [...new Set(failures.flatMap(({ fix }) => fix ?? []))];
  return {
    ...first,
    message: failures
      .map(({ message }) => message)
      .join(" ")
      .slice(0, MAX_MESSAGE),
    fix: fixes.join("\n").slice(0, MAX_FIX),
    retryable: failures.every(({ retryable }) => retryable),
    details: failures
      .flatMap(({ code, message, target, details }) => [{ code, message, target }, ...details])
      .slice(0, MAX_DETAILS),
  };
}
