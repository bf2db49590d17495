import { type Failure, failure, ServiceError } from "../errors.ts";
import { finalRequest, withDecision } from "../image/decide-image.ts";
import type { ImageDraft } from "../image/image-request.ts";
import type { FoundOutput } from "../ports.ts";
import { pollDelay } from "../record/delays.ts";
import { newOutput, type OutputProgress } from "../record/output.ts";
import { type RequestRecord, replaceOutput } from "../record/record.ts";
import { enter } from "../record/transitions.ts";
import {
  type Build,
  claimBuild,
  explainOtherBuild,
  holderOf,
  isOwnBuild,
  readBuild,
  warnOfResources,
} from "./build-note.ts";
import { decide } from "./decide.ts";
import {
  endOutput,
  failOutput,
  lookAtOutputAgain,
  nowCreating,
  type OutputResult,
  type OutputWork,
  resultOf,
} from "./output-step.ts";
import { retryOutput } from "./service-failure.ts";
import { findSourceChanges, nameBlobs } from "./source-changes.ts";
import { momentOf } from "./stage.ts";

/**
 * Asks for an output: GET, and PUT when there is none. The record says before the PUT that it may be
 * under way; what is there afterwards is what came of it, whatever became of the process or the answer.
 * So there is never a second PUT, and never a success without the look at the sources.
 */
export async function submitOutput(work: OutputWork): Promise<OutputResult> {
  const { record, request, kind, context } = work;
  const checked = await kind.check(withDecision(request, record.decided), work.output);
  if (checked.verdict === "refused") return failOutput(work, work.output, checked.failure);
  if (checked.verdict === "later") return waitFor(work, checked.output, checked.reason);
  const { output } = checked;
  const build = await readBuild(kind.idOf(request, output), record, context);
  const lookUp = (decided: RequestRecord["decided"]) =>
    kind.find(withDecision(request, decided), output);
  // After a PUT everything is decided, so that this look is the only one.
  const afterPut = output.operation === null ? null : await lookUp(record.decided);
  // Requests from before there were notes have an operation without one.
  const isOwn = build.note === null || isOwnBuild(build, record);
  if (afterPut !== null && isOwn) return resume({ ...work, output }, afterPut);
  const { changed, gone, unknown } = await findSourceChanges(record, context);
  const other = [...changed, ...gone, ...unknown];
  if (other.length > 0) return checkAgain({ ...work, output }, nameBlobs(other));
  const look = await decide(record, request, context);
  const decided = { ...work, record: look.record, output };
  const found = output.operation === null ? await lookUp(look.record.decided) : afterPut;
  if (found !== null && !isUnmade(found)) return accept(decided, { found, build });
  if (look.failure !== null) return failOutput(decided, output, look.failure);
  return claimAndCreate(decided, withDecision(request, look.record.decided), build);
}

/** Of all who would send the PUT one gets to: one request for each id, one process for each request. */
async function claimAndCreate(
  work: OutputWork,
  request: ImageDraft,
  build: Build,
): Promise<OutputResult> {
  const { record, output, kind, context, control } = work;
  const holder = holderOf(build, record);
  if (holder !== null) return waitFor(work, output, inWork(holder, kind.noun));
  if (!(await claimBuild(build, record, context))) return resultOf(record, output, "");
  const claimed = await control.claim(replaceOutput(record, withOperation(work, null)));
  const claimedWork = { ...work, record: claimed, output: withOperation(work, null) };
  try {
    const creation = await kind.create(finalRequest(request), claimedWork.output);
    if ("retryInSeconds" in creation) {
      return lookAtOutputAgain(claimedWork, output, creation.retryInSeconds);
    }
    const accepted = withOperation(work, creation.operationUrl);
    return nowCreating(claimedWork, accepted, "Azure accepted the request");
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const { status } = error.parts;
    const isRefused = status !== null && status < 500;
    // What is refused leaves the output as it was: an earlier PUT, if any, may have come through.
    return retryOutput(isRefused ? { ...claimedWork, output } : claimedWork, error);
  }
}

/** Continues what an earlier PUT of this request began, unless somebody else was faster. */
function resume(work: OutputWork, found: FoundOutput): OutputResult {
  const { output } = work;
  if (found.differences.length > 0) return failForExisting(work, found, describe(found));
  return nowCreating(work, output, "Azure had already accepted the request");
}

/** Something of that name is there: it is what the request asks for, or in its way. */
function accept(
  work: OutputWork,
  { found, build }: { readonly found: FoundOutput; readonly build: Build },
): OutputResult {
  const { record, output, kind } = work;
  if (found.differences.length > 0) return failForExisting(work, found, describe(found));
  const reason = explainOtherBuild(build, record);
  if (reason !== null) return failForExisting(work, found, reason);
  const warnings = [...record.warnings, ...warnOfResources(build, record)];
  const warned = { ...work, record: { ...record, warnings } };
  if (found.state === "working") {
    const followed = withOperation(work, null);
    return nowCreating(warned, followed, `the ${kind.noun} is already being created`);
  }
  const message = `the ${kind.noun} already exists and matches the request`;
  return endOutput(warned, { ...output, id: found.id }, { state: "succeeded", message });
}

/** Whether the service has abandoned it, so that it may be requested again. */
function isUnmade({ state }: FoundOutput): boolean {
  return state === "failed" || state === "canceled";
}

function failForExisting(work: OutputWork, found: FoundOutput, reason: string): OutputResult {
  return failOutput(work, work.output, work.kind.explainExisting(found, reason));
}

function describe({ differences }: FoundOutput): string {
  return `differs from the request in ${differences.join(", ")}`;
}

function withOperation({ output, context }: OutputWork, url: string | null): OutputProgress {
  return { ...output, operation: { url, submittedAt: context.clock().toISOString() } };
}

/** Waits until what is in the way has gone; the status says what it is. */
function waitFor(work: OutputWork, output: OutputProgress, reason: Failure): OutputResult {
  const delay = pollDelay(output.attempts, work.context.timing.pollSeconds);
  const waiting = lookAtOutputAgain(work, output, delay);
  return resultOf(waiting.record, { ...waiting.output, error: reason }, "");
}

function inWork(holder: string, noun: string): Failure {
  return failure({
    code: "ImageInWork",
    message: `Request ${holder} is building the same ${noun}; this request resumes when that one has ended.`,
    fix: "Wait, or choose another imageName and upload again.",
    retryable: true,
  });
}

/**
 * A disk changed after it was checked: the request waits for it again from the start. Once another
 * output has been requested nothing can be undone.
 */
function checkAgain(work: OutputWork, blobs: string): OutputResult {
  const { record, output, context } = work;
  const message = `${blobs} changed after it had been checked`;
  const others = record.outputs.filter(({ kind }) => kind !== output.kind);
  if (others.every(({ state, operation }) => state === "pending" && operation === null)) {
    const outputs = record.outputs.map(({ kind }) => newOutput(kind));
    const anew = { ...record, outputs, decided: null };
    return { record: enter(anew, "waiting", message, momentOf(context)), output, message };
  }
  const error = failure({
    code: "SourceChangedDuringCreate",
    message: `${message}, while other outputs of the request were being created.`,
    fix: "Finish the upload, and upload the manifest (or the VHD) again under another name.",
  });
  return failOutput(work, output, error);
}
