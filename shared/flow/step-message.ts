import type { WorkMessage } from "../ports.ts";
import type { RequestRecord } from "../record/record.ts";

/** The message that asks for the record's next step, in the trace of its upload. */
export function stepMessage({
  requestId,
  step,
  traceparent,
}: Pick<RequestRecord, "requestId" | "step" | "traceparent">): WorkMessage {
  return { requestId, step, ...(traceparent !== null && { traceparent }) };
}
