import type { Failure } from "../errors.ts";
import { withDecision } from "../image/decide-image.ts";
import type { FoundOutput } from "../ports.ts";
import { pollDelay } from "../record/delays.ts";
import type { OutputProgress } from "../record/output.ts";
import type { RequestRecord } from "../record/record.ts";
import { type Build, isOwnBuild, readBuild } from "./build-note.ts";
import {
  failOutput,
  lookAtOutputAgain,
  type OutputResult,
  type OutputWork,
  resultOf,
  subjectOf,
} from "./output-step.ts";

/** The work with an output that has a name, or what became of it without one. */
export async function nameOutput(
  work: OutputWork,
  reason: Failure | null,
): Promise<OutputWork | { readonly result: OutputResult }> {
  const { record, request, output, kind } = work;
  if (reason !== null) {
    // What exists under a name that is known may still be what the request would become.
    const isNamed = kind.idOf(request, output) !== null;
    return isNamed ? work : { result: failOutput(work, output, reason) };
  }
  const asked = withDecision(request, record.decided);
  const checked = await kind.check(asked, output, subjectOf(work));
  if (checked.verdict === "refused") return { result: failOutput(work, output, checked.failure) };
  if (checked.verdict === "later") {
    return { result: waitFor(work, checked.output, checked.reason) };
  }
  const warnings = [...new Set([...record.warnings, ...(checked.warnings ?? [])])];
  return { ...work, record: { ...record, warnings }, output: checked.output };
}

/** What is there under the output's name, and who made it. */
export async function lookUp(
  work: OutputWork,
  record: RequestRecord,
  output: OutputProgress,
): Promise<{ readonly found: FoundOutput | null; readonly build: Build; readonly isOwn: boolean }> {
  const { request, kind, context } = work;
  const id = kind.idOf(request, output);
  if (id === null) throw new TypeError(`the ${kind.noun} of ${record.requestId} has no name`);
  const build = await readBuild(id, record, context);
  const subject = subjectOf({ record, context });
  const found = await kind.find(withDecision(request, record.decided), output, subject);
  // Requests from before there were notes have an operation without one.
  return { found, build, isOwn: build.note === null || isOwnBuild(build, record) };
}

/** Waits until what is in the way has gone; the status says what it is. */
export function waitFor(work: OutputWork, output: OutputProgress, reason: Failure): OutputResult {
  const delay = pollDelay(output.attempts, work.context.timing.pollSeconds);
  const waiting = lookAtOutputAgain(work, output, delay);
  return resultOf(waiting.record, { ...waiting.output, error: reason }, "");
}
