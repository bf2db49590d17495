import { failure, ServiceError } from "../errors.ts";
import { findDifferences } from "../image/compare-image.ts";
import { finalRequest, withDecision } from "../image/decide-image.ts";
import { toImageBody } from "../image/image-body.ts";
import { type ImageDraft, type ImageRequest, imageId } from "../image/image-request.ts";
import type { ExistingImage } from "../ports.ts";
import { pollDelay } from "../record/delays.ts";
import type { Operation, RequestRecord } from "../record/record.ts";
import { enter, fail } from "../record/transitions.ts";
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
import { handleServiceError } from "./service-failure.ts";
import { findSourceChanges, nameBlobs } from "./source-changes.ts";
import {
  lookAgain,
  momentOf,
  proceed,
  type Stage,
  type StageContext,
  type StageResult,
} from "./stage.ts";

/**
 * Asks for the image: GET, and PUT when there is none. The record says before the PUT that it may be
 * under way; an image that is there afterwards is what came of it, whatever became of the process or
 * the answer. So there is never a second PUT, and never a success without the look at the sources.
 */
export const submit: Stage = async (record, context, control) => {
  const asked = record.request;
  if (asked === null) throw new TypeError(`request ${record.requestId} has nothing to submit`);
  try {
    const existing = await context.images.get(asked);
    const build = await readBuild(imageId(asked), record, context);
    // Requests from before there were notes have an operation without one.
    const isOwn = build.note === null || isOwnBuild(build, record);
    if (existing !== null && record.operation !== null && isOwn) {
      return resume(record, withDecision(asked, record.decided), existing, context);
    }
    const { changed: other, gone, unknown } = await findSourceChanges(record, context);
    const changed = [...other, ...gone, ...unknown];
    if (changed.length > 0) return proceed(waitAnew(record, nameBlobs(changed), context));
    const look = await decide(record, asked, context);
    const request = withDecision(asked, look.record.decided);
    if (existing !== null && !isUnmade(existing)) {
      return accept(look.record, request, { existing, build }, context);
    }
    if (look.failure !== null) return proceed(fail(look.record, look.failure, momentOf(context)));
    const holder = holderOf(build, record);
    if (holder !== null) return waitFor(holder, look.record, context);
    if (!(await claimBuild(build, look.record, context))) return proceed(look.record);
    const claimed = await control.claim(noteOperation(look.record, null, context));
    return await create(claimed, record.operation, finalRequest(request), context);
  } catch (error) {
    if (error instanceof ServiceError) return handleServiceError(record, error, context);
    throw error;
  }
};

/**
 * Sends the PUT. The step is claimed: a copy of its message must not send a second one. What is refused
 * leaves the request as it was `before`: an earlier PUT, if there was one, may have come through.
 */
async function create(
  record: RequestRecord,
  before: Operation | null,
  request: ImageRequest,
  context: StageContext,
): Promise<StageResult> {
  try {
    const { operationUrl } = await context.images.create(request);
    return track(
      noteOperation(record, operationUrl, context),
      "the service accepted the request",
      context,
    );
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const { status } = error.parts;
    const isRefused = status !== null && status < 500;
    return handleServiceError(
      isRefused ? { ...record, operation: before } : record,
      error,
      context,
    );
  }
}

/** Goes on with what an earlier PUT of this request began, unless somebody else was faster. */
function resume(
  record: RequestRecord,
  request: ImageDraft,
  existing: ExistingImage,
  context: StageContext,
): StageResult {
  const differences = findDifferences(toImageBody(request), existing.body);
  return differences.length > 0
    ? proceed(fail(record, imageExists(existing, describe(differences)), momentOf(context)))
    : track(record, "the service had accepted the request already", context);
}

/** An image of that name is there: it is the one that is asked for, or in its way. */
function accept(
  record: RequestRecord,
  request: ImageDraft,
  { existing, build }: { readonly existing: ExistingImage; readonly build: Build },
  context: StageContext,
): StageResult {
  const differences = findDifferences(toImageBody(request), existing.body);
  if (differences.length > 0) {
    return proceed(fail(record, imageExists(existing, describe(differences)), momentOf(context)));
  }
  const other = explainOtherBuild(build, record);
  if (other !== null) {
    return proceed(fail(record, imageExists(existing, other), momentOf(context)));
  }
  const warned = { ...record, warnings: [...record.warnings, ...warnOfResources(build, record)] };
  if (existing.provisioningState === "working") {
    const noted = noteOperation(warned, null, context);
    return track(noted, "the image is being created already", context);
  }
  const image = record.image && { ...record.image, id: existing.id };
  const message = "the image exists already and equals the request";
  return proceed(enter({ ...warned, image }, "succeeded", message, momentOf(context)));
}

/** Whether the service has given the image up, so that it may be asked for again. */
function isUnmade({ provisioningState }: ExistingImage): boolean {
  return provisioningState === "failed" || provisioningState === "canceled";
}

/** One request at a time asks for an image. The other goes on when it sees what became of it. */
function waitFor(holder: string, record: RequestRecord, context: StageContext): StageResult {
  const waiting = lookAgain(record, pollDelay(record.attempts, context.timing.pollSeconds));
  const error = failure({
    code: "ImageInWork",
    message: `Request ${holder} is building the same image; this request goes on when it has ended.`,
    fix: "Wait, or choose another imageName and upload again.",
    retryable: true,
  });
  return { ...waiting, record: { ...waiting.record, error } };
}

function noteOperation(
  record: RequestRecord,
  url: string | null,
  context: StageContext,
): RequestRecord {
  return { ...record, operation: { url, submittedAt: context.clock().toISOString() } };
}

/** The service is at work: from here on its operation is followed. */
function track(record: RequestRecord, message: string, context: StageContext): StageResult {
  const creating = enter(record, "creating", message, momentOf(context));
  return { record: creating, delaySeconds: context.timing.pollSeconds };
}

function describe(differences: readonly string[]): string {
  return `differs from the request in ${differences.join(", ")}`;
}

function imageExists(existing: ExistingImage, reason: string) {
  return failure({
    code: "ImageExists",
    message: `The image ${existing.id} exists and ${reason}.`,
    fix: "An image cannot be changed: choose another imageName, or delete the existing image and upload again.",
    target: existing.id,
  });
}

function waitAnew(record: RequestRecord, blobs: string, context: StageContext): RequestRecord {
  const message = `${blobs} changed after it had been checked`;
  return enter(
    { ...record, operation: null, decided: null },
    "waiting",
    message,
    momentOf(context),
  );
}
