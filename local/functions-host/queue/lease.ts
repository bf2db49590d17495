import type { QueueClient } from "@azure/storage-queue";
import { describeError } from "../errors.ts";
import type { HostLog } from "../log.ts";

/** A received message that other receivers do not see while the lease is held. */
export interface MessageLease {
  /** Ends the renewal and returns the pop receipt that is valid now. */
  end(): Promise<string>;
}

/**
 * Keeps a message invisible for `leaseSeconds` and renews that at half-life, as the storage
 * extension does while a function runs. A renewal that fails is logged: the message may then run
 * a second time.
 */
export function holdLease(
  queue: QueueClient,
  message: { readonly messageId: string; readonly popReceipt: string },
  leaseSeconds: number,
  log: HostLog,
): MessageLease {
  let popReceipt = message.popReceipt;
  let renewal: Promise<void> = Promise.resolve();
  const renew = async (): Promise<void> => {
    try {
      const updated = await queue.updateMessage(
        message.messageId,
        popReceipt,
        undefined,
        leaseSeconds,
      );
      popReceipt = updated.popReceipt ?? popReceipt;
    } catch (error) {
      log("warning", "Host.Queues", `Lease on ${message.messageId} lost: ${describeError(error)}`);
    }
  };
  const timer = setInterval(
    () => {
      renewal = renewal.then(renew);
    },
    (leaseSeconds * 1000) / 2,
  );
  timer.unref();
  return {
    async end() {
      clearInterval(timer);
      await renewal;
      return popReceipt;
    },
  };
}
