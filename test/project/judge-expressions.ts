import { checkSync } from "recheck";
import { type FoundExpression, listExpressions } from "./regular-expressions.ts";

/** Milliseconds for one expression; most take a hundredth of it. */
const TIMEOUT = 60_000;

/**
 * The time that an expression takes in the worst case, as the package recheck judges it: `safe`, `linear`,
 * `polynomial`, `exponential` or `unknown`. In pure JavaScript: no program is started.
 */
export function judge({ source, flags }: Pick<FoundExpression, "source" | "flags">): string {
  process.env.RECHECK_BACKEND = "pure";
  const found = checkSync(source, flags, { timeout: TIMEOUT });
  return found.status === "unknown" ? found.status : found.complexity.type;
}

if (import.meta.main) {
  const verdicts = new Map(
    listExpressions().map(({ source, flags }) => [`/${source}/${flags}`, { source, flags }]),
  );
  const judged = [...verdicts].map(([key, expression]) => [key, judge(expression)] as const);
  console.log(JSON.stringify(Object.fromEntries(judged.toSorted()), null, 2));
}
