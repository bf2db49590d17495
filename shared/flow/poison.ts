import { type Failure, failure } from "../errors.ts";
import { findNameProblem } from "../image/blob-name.ts";
import type { BlobRef } from "../image/image-request.ts";
import type { RequestRecord } from "../record/record.ts";
import { fail } from "../record/transitions.ts";
import { momentOf } from "../stages/stage.ts";
import { kindOf, requestIdOfBlob } from "../stages/upload-kind.ts";
import type { AdvanceContext } from "./advance.ts";
import { endRequest } from "./end-request.ts";
import { type IngestContext, openRequest } from "./ingest.ts";

/**
 * Ends the request whose work message the host gave up. The reason is what the last step noted.
 */
export async function failPoisonedStep(requestId: string, context: AdvanceContext): Promise<void> {
  await failRequest(requestId, context, (record) =>
    failure({
      code: "StepFailed",
      message: `A step in the state '${record.state}' failed repeatedly${record.error === null ? "" : `; last error: ${record.error.message}`}.`,
      fix: "Check the log of the function 'advance' for the cause, and upload the manifest (or the VHD) again.",
      retryable: true,
    }),
  );
}

/**
 * Ends the request of an upload whose event the host gave up; opens it first if the event never came
 * so far. A request that progresses anyway continues.
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
          message: `The event of the upload ${ref.name} could not be processed in five attempts.`,
          fix: "Check the log of the function 'ingest' for the cause, and upload the file again.",
          retryable: true,
          target: ref.name,
        })
      : null,
  );
}

/** Ends a request as failed, unless it has ended or there is nothing to say against it. */
async function failRequest(
  requestId: string,
  context: AdvanceContext,
  explain: (record: RequestRecord) => Failure | null,
): Promise<void> {
  const failed = await endRequest(requestId, context, (record) => {
    const error = explain(record);
    return error && fail(record, error, momentOf(context));
  });
  if (failed === null) {
    context.log.info("poison.harmless", { requestId });
    return;
  }
  context.log.error("poison.request.failed", { requestId, code: failed.error?.code ?? null });
}
