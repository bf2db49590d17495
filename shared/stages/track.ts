import { failure, ServiceError } from "../errors.ts";
import type { ImageTarget } from "../ports.ts";
import { pollDelay } from "../record/delays.ts";
import type { DiskProgress, RequestRecord } from "../record/record.ts";
import { enter, fail } from "../record/transitions.ts";
import { toFailure } from "../service-errors/service-errors.ts";
import { handleServiceError } from "./service-failure.ts";
import { findChangesDuringCreate, nameBlobs } from "./source-changes.ts";
import {
  lookAgain,
  momentOf,
  proceed,
  type Stage,
  type StageContext,
  type StageResult,
} from "./stage.ts";

/** Asks once how the operation stands; when it is over, whether the image is what was asked for. */
export const track: Stage = async (record, context) => {
  const { request, operation } = record;
  if (request === null || operation === null) {
    throw new TypeError(`request ${record.requestId} has no operation to track`);
  }
  try {
    return operation.url === null
      ? await askImage(record, request, context)
      : await askOperation(record, request, operation.url, context);
  } catch (error) {
    if (error instanceof ServiceError) return handleServiceError(record, error, context);
    throw error;
  }
};

async function askOperation(
  record: RequestRecord,
  request: ImageTarget,
  url: string,
  context: StageContext,
): Promise<StageResult> {
  const operation = await context.images.poll(request, url);
  switch (operation.status) {
    case "running":
      return pollLater(record, operation.retryAfterSeconds, context);
    case "succeeded":
    case "gone":
      // The image itself tells from here on; a URL that is gone would only be asked in vain again.
      return askImage(forgetOperation(record), request, context);
    case "canceled":
      return proceed(cancel(record, context));
    case "failed":
      return proceed(fail(record, toFailure(operation.error), momentOf(context)));
  }
}

async function askImage(
  record: RequestRecord,
  request: ImageTarget,
  context: StageContext,
): Promise<StageResult> {
  const image = await context.images.get(request);
  if (image === null) return proceed(fail(record, vanished(request), momentOf(context)));
  switch (image.provisioningState) {
    case "working":
      return pollLater(record, null, context);
    case "failed":
      return proceed(fail(record, provisioningFailed(image.id), momentOf(context)));
    case "canceled":
      return proceed(cancel(record, context));
    case "succeeded":
      return finish(record, image.id, context);
  }
}

function cancel(record: RequestRecord, context: StageContext): RequestRecord {
  return enter(record, "canceled", "the service canceled the operation", momentOf(context));
}

/**
 * An image made from a disk that changed meanwhile is no success, whatever Azure says. A disk that is
 * gone may have changed before it went: the success says so.
 */
async function finish(
  record: RequestRecord,
  id: string,
  context: StageContext,
): Promise<StageResult> {
  const { changed, gone, unknown } = await findChangesDuringCreate(record, context);
  const done = { ...record, image: record.image && { ...record.image, id } };
  if (changed.length > 0) {
    return proceed(fail(done, sourceChanged(nameBlobs(changed), id), momentOf(context)));
  }
  const doubts = [...gone.map(describeGone), ...unknown.map(describeUnknown)];
  const warned = {
    ...done,
    warnings: [...done.warnings, ...doubts.map((doubt) => `${doubt}.`)],
  };
  const message = [`the image ${id} is ready`, ...doubts].join("; ");
  return proceed(enter(warned, "succeeded", message, momentOf(context)));
}

function describeGone({ ref }: DiskProgress): string {
  return `${ref?.name} was deleted while the image was being created: whether it had changed before cannot be checked`;
}

function describeUnknown({ ref }: DiskProgress): string {
  return `whether ${ref?.name} changed while the image was being created cannot be checked`;
}

function pollLater(
  record: RequestRecord,
  retryAfterSeconds: number | null,
  context: StageContext,
): StageResult {
  const grown = pollDelay(record.attempts, context.timing.pollSeconds);
  return lookAgain(record, Math.max(retryAfterSeconds ?? 0, grown));
}

function forgetOperation(record: RequestRecord): RequestRecord {
  return { ...record, operation: record.operation && { ...record.operation, url: null } };
}

function sourceChanged(blobs: string, id: string) {
  return failure({
    code: "SourceChangedDuringCreate",
    message: `${blobs} changed while the service made ${id} from it; the image may hold a half-written disk.`,
    fix: "Delete the image, finish the upload, and upload the manifest (or the VHD) again.",
    target: id,
  });
}

function vanished(request: ImageTarget) {
  return failure({
    code: "ImageVanished",
    message: `The image ${request.imageName} is not there any more: somebody deleted it while it was being created.`,
    fix: "Upload the manifest (or the VHD) again.",
    retryable: true,
    target: request.imageName,
  });
}

function provisioningFailed(id: string) {
  return failure({
    code: "ProvisioningFailed",
    message: `The service reports the image ${id} as failed, without a reason.`,
    fix: "Delete the image and upload the manifest (or the VHD) again; the activity log of the resource group may say more.",
    retryable: true,
    target: id,
  });
}

/** The failure of a request that the service did not carry out in time. */
export function explainCreateDeadline(record: RequestRecord, context: StageContext): RequestRecord {
  const last = record.error
    ? ` The last answer was ${record.error.code}: ${record.error.message}`
    : "";
  return fail(
    record,
    failure({
      code: "CreateTimedOut",
      message: `The image was not ready when the time for it ended.${last}`,
      fix: "Look at the image and the activity log of its resource group; CREATE_DEADLINE_HOURS sets how long is waited.",
      retryable: true,
      details: record.error?.details ?? [],
    }),
    momentOf(context),
  );
}
