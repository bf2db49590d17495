import type { BlobProperties, StoredRecord } from "../ports.ts";
import { isRequestId } from "../record/identity.ts";
import type { RequestRecord } from "../record/record.ts";
import { isTerminal, type RequestState } from "../record/states.ts";
import type { IngestContext } from "./ingest.ts";
import { noteRetry } from "./note-retry.ts";
import { openRecord } from "./open-record.ts";
import { stepMessage } from "./step-message.ts";

/** Each retry adds a record, and a claim on each disk: their number is bounded. */
export const MAX_ATTEMPTS = 100;

/** What came of the wish to retry a request. */
export type Retry =
  /** The request that retries it; also when it had been opened before and is still open. */
  | { readonly outcome: "opened"; readonly record: RequestRecord }
  | { readonly outcome: "unknown" }
  | { readonly outcome: "open"; readonly state: RequestState }
  /** It was retried, and that has ended too. */
  | { readonly outcome: "retried"; readonly record: RequestRecord }
  | { readonly outcome: "gone"; readonly source: string }
  | { readonly outcome: "changed"; readonly source: string }
  | { readonly outcome: "ignored" }
  | { readonly outcome: "exhausted" };

/**
 * Opens a new request for the upload of one that has ended. Its id depends on the upload and the number
 * of the attempt alone, so that of all who retry a request at the same time, or once more after a
 * crash, each gets the same one. It is created first: from then on every part that is missing (its
 * first step, the note on the retried record) is made up for by the sweep and by that step.
 * @throws RecordConflictError when others keep saving the retried record.
 */
export async function retryRequest(requestId: string, context: IngestContext): Promise<Retry> {
  const stored = isRequestId(requestId) ? await context.records.get(requestId) : null;
  if (stored === null) return { outcome: "unknown" };
  const { record: retried } = stored;
  const { kind, state, source } = retried;
  if (!isTerminal(state)) return { outcome: "open", state };
  if (retried.retriedBy !== null) {
    const successor = await context.records.get(retried.retriedBy);
    if (successor !== null) return joinRetry(successor);
  }
  if (retried.attempt >= MAX_ATTEMPTS) return { outcome: "exhausted" };
  if (kind === "vhd" && context.vhdWithoutManifest === "ignore") return { outcome: "ignored" };
  const blob = await context.blobs.getProperties(source);
  if (blob === null) return { outcome: "gone", source: source.name };
  if (!isSameUpload(retried, blob)) return { outcome: "changed", source: source.name };
  const options = { parent: null, attributes: { "vhd_to_image.source": source.name } };
  return context.telemetry.span("ingest", options, () => open(retried, blob, context));
}

async function open(
  retried: RequestRecord,
  blob: BlobProperties,
  context: IngestContext,
): Promise<Retry> {
  const record = openRecord({ kind: retried.kind, blob, retried }, context);
  const { requestId } = record;
  context.telemetry.annotate({
    "vhd_to_image.request.id": requestId,
    "vhd_to_image.request.kind": record.kind,
  });
  const isNew = await context.records.create(record);
  if (isNew) {
    const { kind, retryOf, source } = record;
    context.log.info("request.opened", { requestId, source: source.name, kind, retryOf });
    await context.workQueue.send(stepMessage(record), 0);
  }
  await noteRetry(record, context);
  const stored = isNew ? null : await context.records.get(requestId);
  return stored === null ? { outcome: "opened", record } : joinRetry(stored);
}

/** The answer to whoever retries a request that has been retried already. */
function joinRetry({ record }: StoredRecord): Retry {
  return { outcome: isTerminal(record.state) ? "retried" : "opened", record };
}

/** Whether a blob is the very upload of a request. Pages may be written to a disk all along. */
function isSameUpload({ kind, source }: RequestRecord, blob: BlobProperties): boolean {
  return kind === "manifest"
    ? blob.etag === source.etag
    : blob.createdOn.toISOString() === source.createdOn;
}
