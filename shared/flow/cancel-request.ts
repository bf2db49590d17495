import { isRequestId } from "../record/identity.ts";
import { isOpenOutput } from "../record/output.ts";
import type { RequestRecord } from "../record/record.ts";
import { isTerminal, type RequestState } from "../record/states.ts";
import { enter } from "../record/transitions.ts";
import { type AdvanceContext, advance } from "./advance.ts";
import { endRequest } from "./end-request.ts";

/** What came of the wish to cancel a request. */
export type Cancellation =
  | { readonly outcome: "canceled"; readonly record: RequestRecord }
  | { readonly outcome: "unknown" }
  | { readonly outcome: "ended"; readonly state: RequestState }
  /** The manifest could not be read yet. */
  | { readonly outcome: "unread" }
  /** A PUT may be under way for these resource ids: Azure cannot be made to stop. */
  | { readonly outcome: "building"; readonly ids: readonly string[] };

/**
 * Cancels a request for as long as nothing was sent to Azure for it. A step that is under way loses the
 * race for the record; one that has claimed the PUT has said so in the record, and wins.
 *
 * A manifest is read before it is canceled, so that it keeps its claim on the disks that it names: a
 * disk whose manifest is canceled must not become an image by itself.
 * @throws RecordConflictError when others keep saving the record.
 */
export async function cancelRequest(
  requestId: string,
  context: AdvanceContext,
): Promise<Cancellation> {
  const first = isRequestId(requestId) ? await context.records.get(requestId) : null;
  if (first === null) return { outcome: "unknown" };
  if (isUnread(first.record)) await advance({ requestId }, context);
  let refusal: Cancellation | null = null;
  const record = await endRequest(requestId, context, (open) => {
    refusal = refuse(open, context);
    const moment = { now: context.clock(), timing: context.timing };
    return refusal === null ? enter(open, "canceled", "a user canceled the request", moment) : null;
  });
  if (record !== null) return { outcome: "canceled", record };
  return refusal ?? explainEnd(requestId, context);
}

function refuse(record: RequestRecord, context: AdvanceContext): Cancellation | null {
  if (isUnread(record)) return { outcome: "unread" };
  const ids = listUnderWay(record, context);
  return ids.length > 0 ? { outcome: "building", ids } : null;
}

/** A manifest of which nobody knows yet what it names. */
function isUnread({ kind, state }: RequestRecord): boolean {
  return kind === "manifest" && state === "received";
}

/** What Azure may be building: outputs are saved with an operation before their PUT is sent. */
function listUnderWay(record: RequestRecord, context: AdvanceContext): readonly string[] {
  const { request } = record;
  if (request === null) return [];
  return record.outputs
    .filter((output) => isOpenOutput(output) && output.operation !== null)
    .flatMap((output) => context.outputs.kindOf(output).idOf(request, output) ?? []);
}

/** Why nothing was decided on: the request has ended, or its record is not there any more. */
async function explainEnd(requestId: string, context: AdvanceContext): Promise<Cancellation> {
  const stored = await context.records.get(requestId);
  if (stored === null || !isTerminal(stored.record.state)) return { outcome: "unknown" };
  return { outcome: "ended", state: stored.record.state };
}
