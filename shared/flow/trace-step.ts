import { RecordConflictError } from "../errors.ts";
import type { StoredRecord, WorkMessage } from "../ports.ts";
import type { RequestRecord } from "../record/record.ts";
import type { Attributes, Telemetry } from "../telemetry/telemetry.ts";

/**
 * Takes a step as a span of the upload's trace, whichever invocation it is taken in. A record without a
 * trace (opened before there was telemetry) gets the one that the span is in. `take` returns the record
 * as it is after the step.
 * @throws RecordConflictError as `take` does; the span has not failed then, somebody else was faster.
 */
export async function traceStep(
  stored: StoredRecord,
  message: WorkMessage,
  telemetry: Telemetry,
  take: (stored: StoredRecord) => Promise<RequestRecord>,
): Promise<void> {
  const { record } = stored;
  const parent = record.traceparent ?? message.traceparent;
  const options = { attributes: describe(record), ...(parent !== undefined && { parent }) };
  const conflict = await telemetry.span(`advance ${record.state}`, options, async () => {
    try {
      const traceparent = parent ?? telemetry.traceparent();
      noteOutcome(record, await take({ ...stored, record: { ...record, traceparent } }), telemetry);
      return null;
    } catch (error) {
      if (!(error instanceof RecordConflictError)) throw error;
      telemetry.annotate({ "vhd_to_image.race_lost": true });
      return error;
    }
  });
  if (conflict !== null) throw conflict;
}

function describe(record: RequestRecord): Attributes {
  return {
    "vhd_to_image.request.id": record.requestId,
    "vhd_to_image.request.kind": record.kind,
    "vhd_to_image.source": record.source.name,
    "vhd_to_image.step": record.step,
    "vhd_to_image.state.before": record.state,
  };
}

function noteOutcome(before: RequestRecord, after: RequestRecord, telemetry: Telemetry): void {
  telemetry.annotate({
    "vhd_to_image.state.after": after.state,
    "vhd_to_image.image": after.image?.name ?? null,
    "vhd_to_image.attempts": after.attempts,
    "vhd_to_image.retries": after.retries,
    "error.type": after.error?.code ?? null,
  });
  if (after.state === "failed" && before.state !== "failed") {
    telemetry.fail(after.error?.code ?? "failed");
  }
}
