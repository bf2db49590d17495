import { type Failure, failure } from "../errors.ts";
import type { OutputKind } from "../outputs/output-kind.ts";
import type { OutputProgress } from "../record/output.ts";

/** The failure of an output that Azure did not make in time. */
export function explainCreateTimedOut(
  { error }: Pick<OutputProgress, "error">,
  { noun, deadlineSetting }: Pick<OutputKind, "noun" | "deadlineSetting">,
): Failure {
  const last = error ? ` The last answer was ${error.code}: ${error.message}` : "";
  return failure({
    code: "CreateTimedOut",
    message: `The ${noun} was not ready before its deadline.${last}`,
    fix: `Check the ${noun} and the activity log of its resource group; ${deadlineSetting} sets how long the app waits.`,
    retryable: true,
    details: error?.details ?? [],
  });
}
