import { beforeEach, describe, expect, it } from "vitest";
import type { CloudEvent } from "../../shared/events.ts";
import type { StatusQueue, WorkMessage, WorkQueue } from "../../shared/ports.ts";

/** A work queue and a look at what is in it. */
export interface WorkQueueUnderTest {
  readonly queue: WorkQueue;
  /** The messages that are visible now. */
  visible(): Promise<readonly WorkMessage[]>;
  /** Lets time pass, really or not, in seconds. */
  pass(seconds: number): Promise<void>;
}

/** What every work queue promises. */
export function workQueueContract(make: () => Promise<WorkQueueUnderTest>): void {
  let under: WorkQueueUnderTest;
  beforeEach(async () => {
    under = await make();
  });

  it("shows a message without delay at once", async () => {
    await under.queue.send({ requestId: "abc", step: 3 }, 0);
    expect(await under.visible()).toEqual([{ requestId: "abc", step: 3 }]);
  });

  it("hides a message until its delay is over", async () => {
    await under.queue.send({ requestId: "abc" }, 1.2);
    expect(await under.visible()).toEqual([]);
    await under.pass(2.2);
    expect(await under.visible()).toEqual([{ requestId: "abc" }]);
  });
}

const event = (id: string): CloudEvent => ({
  specversion: "1.0",
  id,
  source: "/vhd-to-image/own/uploads",
  type: "io.github.vhd-to-image.request.state-changed",
  subject: "Größe.json",
  time: "2026-01-01T00:00:00.000Z",
  datacontenttype: "application/json",
  sequence: "00000001",
  data: { state: "received" },
});

/** What every status queue promises. */
export function statusQueueContract(make: () => Promise<StatusQueue>): void {
  describe("peek", () => {
    it("shows an empty queue as empty", async () => {
      const queue = await make();
      expect(await queue.peek()).toEqual({ approximateMessageCount: 0, messages: [] });
    });

    it("shows events as they were published, and takes nothing away", async () => {
      const queue = await make();
      await queue.publish(event("a-1"));
      await queue.publish(event("a-2"));
      const expected = { approximateMessageCount: 2, messages: [event("a-1"), event("a-2")] };
      expect(await queue.peek()).toEqual(expected);
      expect(await queue.peek()).toEqual(expected);
    });

    it("shows the first 32 of many", async () => {
      const queue = await make();
      for (let index = 0; index < 40; index++) await queue.publish(event(`a-${index}`));
      const { approximateMessageCount, messages } = await queue.peek();
      expect(approximateMessageCount).toBe(40);
      expect(messages).toHaveLength(32);
    });
  });
}
