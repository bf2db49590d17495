import { failure, ServiceError } from "../errors.ts";
import { findDifferences } from "../image/compare-image.ts";
import { finalRequest, withDecision } from "../image/decide-image.ts";
import { toImageBody } from "../image/image-body.ts";
import type { ImageDraft, ImageRequest } from "../image/image-request.ts";
import type { ExistingImage } from "../ports.ts";
import type { RequestRecord } from "../record/record.ts";
import { enter, fail } from "../record/transitions.ts";
import { decide } from "./decide.ts";
import { findStaleBuild } from "./earlier-builds.ts";
import { handleServiceError } from "./service-failure.ts";
import { findChangedSources, nameBlobs } from "./source-changes.ts";
import { momentOf, proceed, type Stage, type StageContext, type StageResult } from "./stage.ts";

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
    if (existing !== null && record.operation !== null) {
      return resume(record, withDecision(asked, record.decided), existing, context);
    }
    const changed = await findChangedSources(record, { countMissing: true }, context);
    if (changed.length > 0) return proceed(waitAnew(record, nameBlobs(changed), context));
    const look = await decide(record, asked, context);
    const request = withDecision(asked, look.record.decided);
    if (existing !== null && !isUnmade(existing)) {
      return await accept(look.record, request, existing, context);
    }
    if (look.failure !== null) return proceed(fail(look.record, look.failure, momentOf(context)));
    const claimed = await control.claim(noteOperation(look.record, null, context));
    return await create(claimed, finalRequest(request), context);
  } catch (error) {
    if (error instanceof ServiceError) return handleServiceError(record, error, context);
    throw error;
  }
};

/** Sends the PUT. The step is claimed: a copy of its message must not send a second one. */
async function create(
  record: RequestRecord,
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
    return handleServiceError(isRefused ? { ...record, operation: null } : record, error, context);
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
async function accept(
  record: RequestRecord,
  request: ImageDraft,
  existing: ExistingImage,
  context: StageContext,
): Promise<StageResult> {
  const differences = findDifferences(toImageBody(request), existing.body);
  if (differences.length > 0) {
    return proceed(fail(record, imageExists(existing, describe(differences)), momentOf(context)));
  }
  const stale = await findStaleBuild(record, existing.id, context);
  if (stale !== null) {
    return proceed(fail(record, imageExists(existing, stale), momentOf(context)));
  }
  if (existing.provisioningState === "working") {
    const noted = noteOperation(record, null, context);
    return track(noted, "the image is being created already", context);
  }
  const image = record.image && { ...record.image, id: existing.id };
  const message = "the image exists already and equals the request";
  return proceed(enter({ ...record, image }, "succeeded", message, momentOf(context)));
}

/** Whether the service has given the image up, so that it may be asked for again. */
function isUnmade({ provisioningState }: ExistingImage): boolean {
  return provisioningState === "failed" || provisioningState === "canceled";
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
