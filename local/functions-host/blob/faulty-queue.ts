import { describeError } from "../errors.ts";
import type { FaultPlan } from "../faults.ts";
import type { HostLog } from "../log.ts";
import type { InternalQueue } from "./internal-queue.ts";
import type { BlobTriggerMessage } from "./message.ts";

/**
 * Returns `queue` with the faults of event delivery in front: a message may be dropped, sent twice,
 * or held for `holdMs` and then sent in reverse order with whatever came meanwhile.
 */
export function addEventFaults(
  queue: InternalQueue,
  faults: FaultPlan,
  log: HostLog,
  holdMs: number,
): InternalQueue {
  let held: BlobTriggerMessage[] = [];
  const send = async (message: BlobTriggerMessage): Promise<void> => {
    await queue.enqueue(message);
    if (!faults.strikes("blobEvents.duplicate")) return;
    log("warning", "Host.Faults", `Duplicated the event of ${message.blobName}`);
    await queue.enqueue(message);
  };
  const flush = async (): Promise<void> => {
    const messages = held.reverse();
    held = [];
    for (const message of messages) await send(message);
  };
  return {
    client: queue.client,
    async enqueue(message) {
      if (faults.strikes("blobEvents.drop")) {
        log("warning", "Host.Faults", `Dropped the event of ${message.blobName}`);
      } else if (faults.isOn("blobEvents.reorder")) {
        if (held.length === 0) {
          const report = (error: unknown): void =>
            log("error", "Host.Faults", describeError(error));
          setTimeout(() => void flush().catch(report), holdMs).unref();
        }
        held.push(message);
      } else await send(message);
    },
  };
}
