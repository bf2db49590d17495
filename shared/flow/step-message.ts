import type { WorkMessage, WorkQueue } from "../ports.ts";
import type { RequestRecord } from "../record/record.ts";

/** The queue for the next step of a request. */
export function queueOf(
  { state }: Pick<RequestRecord, "state">,
  queues: { readonly workQueue: WorkQueue; readonly convertQueue: WorkQueue },
): WorkQueue {
  return state === "converting" ? queues.convertQueue : queues.workQueue;
}

/** The message that asks for the record's next step, in the trace of its upload. */
export function stepMessage({
  requestId,
  step,
  traceparent,
}: Pick<RequestRecord, "requestId" | "step" | "traceparent">): WorkMessage {
  return { requestId, step, ...(traceparent !== null && { traceparent }) };
}
