import { failure, ServiceError } from "../errors.ts";
import type { ExistingImage } from "../ports.ts";
import { findDifferences } from "../request/compare-image.ts";
import { toImageBody } from "../request/image-body.ts";
import type { ImageRequest } from "../request/image-request.ts";
import type { RequestRecord } from "../request/record.ts";
import { enter, fail } from "../request/transitions.ts";
import { findStaleBuild } from "./earlier-builds.ts";
import { handleServiceError } from "./service-failure.ts";
import { findChangedSources, nameBlobs } from "./source-changes.ts";
import { momentOf, proceed, type Stage, type StageContext, type StageResult } from "./stage.ts";

/**
 * Asks for the image: GET, and PUT when there is none. After a crash between PUT and save the GET
 * finds the image that the PUT made, so there is never a second one.
 */
export const submit: Stage = async (record, context, control) => {
  const { request } = record;
  if (request === null) throw new TypeError(`request ${record.requestId} has nothing to submit`);
  const changed = await findChangedSources(record, { countMissing: true }, context);
  if (changed.length > 0) return proceed(waitAnew(record, nameBlobs(changed), context));
  try {
    const existing = await context.images.get(request);
    return existing === null || existing.provisioningState === "failed"
      ? await create(await control.claim(record), request, context)
      : await accept(record, request, existing, context);
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
    const operation = { url: operationUrl, submittedAt: context.clock().toISOString() };
    const message = "the service accepted the request";
    const creating = enter({ ...record, operation }, "creating", message, momentOf(context));
    return { record: creating, delaySeconds: context.timing.pollSeconds };
  } catch (error) {
    if (error instanceof ServiceError) return handleServiceError(record, error, context);
    throw error;
  }
}

/** An image of that name is there: it is the one that is asked for, or in its way. */
async function accept(
  record: RequestRecord,
  request: ImageRequest,
  existing: ExistingImage,
  context: StageContext,
): Promise<StageResult> {
  const differences = findDifferences(toImageBody(request), existing.body);
  if (differences.length > 0) {
    const reason = `differs from the request in ${differences.join(", ")}`;
    return proceed(fail(record, imageExists(existing, reason), momentOf(context)));
  }
  const stale = await findStaleBuild(record, existing.id, context);
  if (stale !== null) {
    return proceed(fail(record, imageExists(existing, stale), momentOf(context)));
  }
  const operation = { url: null, submittedAt: context.clock().toISOString() };
  if (existing.provisioningState === "working") {
    const message = "the image is being created already";
    const creating = enter({ ...record, operation }, "creating", message, momentOf(context));
    return { record: creating, delaySeconds: context.timing.pollSeconds };
  }
  const image = record.image && { ...record.image, id: existing.id };
  const message = "the image exists already and equals the request";
  return proceed(enter({ ...record, image }, "succeeded", message, momentOf(context)));
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
  return enter({ ...record }, "waiting", message, momentOf(context));
}
