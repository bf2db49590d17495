import { type Failure, failure, RecordConflictError } from "../errors.ts";
import { findNameProblem } from "../image/blob-name.ts";
import type { BlobRef } from "../image/image-request.ts";
import type { StoredRecord } from "../ports.ts";
import type { RequestRecord } from "../record/record.ts";
import { isTerminal } from "../record/states.ts";
import { fail } from "../record/transitions.ts";
import { kindOf, requestIdOfBlob } from "../stages/upload-kind.ts";
import type { AdvanceContext } from "./advance.ts";
import { announce } from "./announce.ts";
import { type IngestContext, openRequest } from "./ingest.ts";
import { traceStep } from "./trace-step.ts";

const MAX_RACES = 5;

/**
 * Ends the request whose work message the host gave up. The reason is what the last step noted.
 */
export async function failPoisonedStep(requestId: string, context: AdvanceContext): Promise<void> {
  await failRequest(requestId, context, (record) =>
    failure({
      code: "StepFailed",
      message: `A step in the state '${record.state}' failed again and again${record.error === null ? "" : `; at last: ${record.error.message}`}.`,
      fix: "Look into the log of the function 'advance' for the cause, and upload the manifest (or the VHD) again.",
      retryable: true,
    }),
  );
}

/**
 * Ends the request of an upload whose event the host gave up; opens it first if the event never came
 * so far. A request that is on its way all the same goes on.
 */
export async function failPoisonedUpload(
  ref: BlobRef,
  context: AdvanceContext & IngestContext,
): Promise<void> {
  const isOurs = ref.container === context.uploadsContainer && findNameProblem(ref.name) === null;
  const kind = isOurs ? kindOf(ref.name) : null;
  const blob = kind === null ? null : await context.blobs.getProperties(ref);
  if (kind === null || blob === null) {
    context.log.warn("poison.upload.gone", { container: ref.container, name: ref.name });
    return;
  }
  await openRequest(kind, blob, context);
  await failRequest(requestIdOfBlob(kind, blob), context, (record) =>
    record.state === "received"
      ? failure({
          code: "UploadEventFailed",
          message: `The event of the upload ${ref.name} could not be processed in five tries.`,
          fix: "Look into the log of the function 'ingest' for the cause, and upload the file again.",
          retryable: true,
          target: ref.name,
        })
      : null,
  );
}

/**
 * Saves a request as failed, as the last step of its trace, unless it has ended or there is nothing to
 * say against it.
 */
async function failRequest(
  requestId: string,
  context: AdvanceContext,
  explain: (record: RequestRecord) => Failure | null,
): Promise<void> {
  for (let race = 0; race < MAX_RACES; race++) {
    const stored = await context.records.get(requestId);
    const error =
      stored === null || isTerminal(stored.record.state) ? null : explain(stored.record);
    if (stored === null || error === null) {
      context.log.info("poison.harmless", { requestId, state: stored?.record.state ?? null });
      return;
    }
    try {
      await traceStep(stored, { requestId }, context.telemetry, (current) =>
        saveAsFailed(current, error, context),
      );
      return;
    } catch (conflict) {
      if (!(conflict instanceof RecordConflictError)) throw conflict;
    }
  }
  throw new RecordConflictError(
    `request ${requestId} was saved by others ${MAX_RACES} times in a row`,
  );
}

async function saveAsFailed(
  stored: StoredRecord,
  error: Failure,
  context: AdvanceContext,
): Promise<RequestRecord> {
  const now = context.clock();
  const failed = {
    ...fail(stored.record, error, { now, timing: context.timing }),
    step: stored.record.step + 1,
    updatedAt: now.toISOString(),
  };
  const etag = await context.records.save(failed, stored);
  await announce({ record: failed, etag }, context);
  context.log.error("poison.request.failed", { requestId: failed.requestId, code: error.code });
  return failed;
}
