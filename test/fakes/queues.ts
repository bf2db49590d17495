import type { CloudEvent } from "../../shared/events.ts";
import type { Clock, StatusQueue, WorkMessage, WorkQueue } from "../../shared/ports.ts";

const PEEK_COUNT = 32;

/** A work queue in memory whose messages become visible by the clock. */
export interface FakeWorkQueue extends WorkQueue {
  readonly pending: { message: WorkMessage; visibleAt: Date }[];
  /** Takes the message that becomes visible first, visible or not. */
  takeNext(): { message: WorkMessage; visibleAt: Date } | undefined;
}

export function createFakeWorkQueue(now: Clock): FakeWorkQueue {
  const pending: FakeWorkQueue["pending"] = [];
  return {
    pending,
    async send(message, delaySeconds) {
      // The queue service counts whole seconds.
      const visibleAt = new Date(now().getTime() + Math.ceil(delaySeconds) * 1000);
      pending.push({ message, visibleAt });
    },
    takeNext() {
      pending.sort((left, right) => left.visibleAt.getTime() - right.visibleAt.getTime());
      return pending.shift();
    },
  };
}

/** A status queue in memory. */
export interface FakeStatusQueue extends StatusQueue {
  readonly published: CloudEvent[];
}

export function createFakeStatusQueue(): FakeStatusQueue {
  const published: CloudEvent[] = [];
  return {
    published,
    async publish(event) {
      published.push(event);
    },
    async peek() {
      const messages = structuredClone(published.slice(0, PEEK_COUNT));
      return { approximateMessageCount: published.length, messages };
    },
  };
}
