import { type Failure, failure, ServiceError } from "../errors.ts";
import { finalRequest, withDecision } from "../image/decide-image.ts";
import type { ImageDraft } from "../image/image-request.ts";
import type { FoundOutput } from "../ports.ts";
import { newOutput, type OutputProgress } from "../record/output.ts";
import { type DiskProgress, replaceOutput } from "../record/record.ts";
import { enter } from "../record/transitions.ts";
import {
  type Build,
  claimBuild,
  explainOtherBuild,
  holderOf,
  warnOfResources,
} from "./build-note.ts";
import { decide } from "./decide.ts";
import { lookUp, nameOutput, waitFor } from "./name-output.ts";
import {
  endOutput,
  failOutput,
  lookAtOutputAgain,
  nowCreating,
  type OutputResult,
  type OutputWork,
  resultOf,
  subjectOf,
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
  const { record, request } = work;
  const isAfterPut = work.output.operation !== null;
  // After a PUT everything is decided and named, so that this look is the only one.
  const afterPut = isAfterPut ? await lookUp(work, record, work.output) : null;
  if (afterPut?.found && afterPut.isOwn) return resume(work, afterPut.found);
  const { changed, gone, unknown } = await findSourceChanges(record, work.context);
  const other = [...changed, ...gone, ...unknown];
  if (other.length > 0) return checkAgain(work, nameBlobs(other));
  const look = await decide(record, request, work.context);
  const decided = { ...work, record: look.record };
  const named = await nameOutput(decided, look.failure);
  if ("result" in named) return named.result;
  const { output } = named;
  const { found, build } = afterPut ?? (await lookUp(decided, look.record, output));
  if (found !== null && !isUnmade(found)) return accept({ ...named, output }, { found, build });
  if (look.failure !== null) return failOutput(named, output, look.failure);
  return claimAndCreate(named, withDecision(request, named.record.decided), build);
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
  const counted = { ...withOperation(work, null), puts: output.puts + 1 };
  const claimed = await control.claim(replaceOutput(record, counted));
  const claimedWork = { ...work, record: claimed, output: counted };
  try {
    const subject = subjectOf(claimedWork);
    const creation = await kind.create(finalRequest(request), counted, subject);
    if ("retryInSeconds" in creation) {
      return lookAtOutputAgain(claimedWork, output, creation.retryInSeconds);
    }
    if ("failure" in creation) return failOutput(claimedWork, counted, creation.failure);
    const accepted = withOperation(claimedWork, creation.operationUrl);
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
  const { request, output, kind } = work;
  // Nothing was sent under this name, so that another one will do.
  if (output.operation === null && kind.mayRename(request))
    return lookAtOutputAgain(work, output, 0);
  return failOutput(work, work.output, work.kind.explainExisting(found, reason));
}

function describe({ differences }: FoundOutput): string {
  return `differs from the request in ${differences.join(", ")}`;
}

function withOperation({ output, context }: OutputWork, url: string | null): OutputProgress {
  return { ...output, operation: { url, submittedAt: context.clock().toISOString() } };
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
    // Also of a disk that has not changed, what it was converted to may be gone.
    const disks = record.disks.map(
      (disk): DiskProgress =>
        disk.conversion === null ? disk : { ...disk, state: "missing", conversion: null },
    );
    const anew = { ...record, disks, outputs, decided: null };
    return { record: enter(anew, "waiting", message, momentOf(context)), output, message };
  }
  const error = failure({
    code: "SourceChangedDuringCreate",
    message: `${message}, while other outputs of the request were being created.`,
    fix: "Finish the upload, and upload the manifest (or the VHD) again under another name.",
  });
  return failOutput(work, output, error);
}
