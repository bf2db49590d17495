import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { FunctionsHost } from "../../../../local/functions-host/host.ts";
import { MASTER_KEY, readSeen, startFixtureHost, startWorld, type World } from "./fixture.ts";

let world: World;
let host: FunctionsHost;

beforeAll(async () => {
  world = await startWorld();
}, 90_000);

beforeEach(async () => {
  host = await startFixtureHost(world, { queueLeaseSeconds: 2 });
});

afterEach(async () => {
  await host.close();
  await world.queues.getQueueClient("jobs").clearMessages();
  await world.queues.deleteQueue("jobs-poison").catch(() => undefined);
}, 90_000);

const encode = (job: unknown) => Buffer.from(JSON.stringify(job)).toString("base64");
const send = (text: string) => world.queues.getQueueClient("jobs").sendMessage(text);
const seenJobs = async () => (await readSeen(host.url)).jobs;
const eventually = <T>(check: () => Promise<T>) =>
  vi.waitFor(check, { timeout: 60_000, interval: 50 });

async function peekPoison(): Promise<string[]> {
  const { peekedMessageItems } = await world.queues
    .getQueueClient("jobs-poison")
    .peekMessages({ numberOfMessages: 32 });
  return peekedMessageItems.map((item) => item.messageText);
}

async function countMessages(): Promise<number | undefined> {
  const { approximateMessagesCount } = await world.queues.getQueueClient("jobs").getProperties();
  return approximateMessagesCount;
}

describe("a queue message", { timeout: 60_000 }, () => {
  it("reaches the function with its metadata and is deleted", async () => {
    const sent = await send(encode({ n: 1 }));
    await eventually(async () => expect(await countMessages()).toBe(0));
    const [first] = await seenJobs();
    expect(first?.job).toEqual({ n: 1 });
    expect(first?.metadata).toMatchObject({
      queueTrigger: { n: 1 },
      id: sent.messageId,
      dequeueCount: 1,
      insertionTime: sent.insertedOn.toISOString(),
      expirationTime: sent.expiresOn.toISOString(),
    });
  });

  it("with a property named like one of the system hides that one", async () => {
    await send(encode({ ID: "mine", nested: { a: 1 }, list: [1] }));
    await eventually(async () => expect(await seenJobs()).toHaveLength(1));
    const [first] = await seenJobs();
    expect(first?.metadata).toMatchObject({ id: "mine", nested: { a: 1 } });
    expect(first?.metadata).not.toHaveProperty("list");
  });

  it("is run again after a failure until it succeeds", async () => {
    await send(encode({ failures: 2 }));
    await eventually(async () => expect(await countMessages()).toBe(0));
    const counts = (await seenJobs()).map((each) => each.metadata.dequeueCount);
    expect(counts).toEqual([1, 2, 3]);
  });

  it("is moved unchanged to the poison queue after maxDequeueCount failures", async () => {
    const text = encode({ failures: 99 });
    await send(text);
    await eventually(async () => expect(await peekPoison()).toEqual([text]));
    expect(await seenJobs()).toHaveLength(3);
    await eventually(async () => expect(await countMessages()).toBe(0));
  });

  it("that is not base64 goes to the poison queue without a run", async () => {
    await send("{not base64}");
    await eventually(async () => expect(await peekPoison()).toEqual(["{not base64}"]));
    expect(await seenJobs()).toHaveLength(0);
  });

  it("stays invisible while its run outlives the lease", async () => {
    await send(encode({ sleep: 3500 }));
    await eventually(async () => expect((await readSeen(host.url)).ended.jobs).toBe(1));
    await eventually(async () => expect(await countMessages()).toBe(0));
    expect(await seenJobs()).toHaveLength(1);
  });

  it("runs beside other messages", async () => {
    for (let n = 0; n < 6; n += 1) await send(encode({ n, meet: 6 }));
    await eventually(async () => expect((await readSeen(host.url)).ended.jobs).toBe(6));
  });

  it("is run twice at the same time when the fault says so", async () => {
    const body = JSON.stringify({ queue: { duplicate: 1 } });
    await fetch(`${host.url}/_host/faults`, { method: "POST", body });
    await send(encode({ n: 1 }));
    await eventually(async () => expect(await seenJobs()).toHaveLength(2));
    const counts = (await seenJobs()).map((each) => each.metadata.dequeueCount);
    expect(counts).toEqual([2, 1]);
  });
});

describe("a message received too often by hosts that died", () => {
  it("goes to the poison queue without a run", { timeout: 60_000 }, async () => {
    await host.close();
    const queue = world.queues.getQueueClient("jobs");
    const text = encode({ n: 1 });
    await queue.sendMessage(text);
    for (let time = 0; time < 3; time += 1) {
      const { receivedMessageItems } = await queue.receiveMessages({ visibilityTimeout: 600 });
      const [item] = receivedMessageItems;
      if (item === undefined) throw new Error("the message is not there");
      await queue.updateMessage(item.messageId, item.popReceipt, undefined, 0);
    }
    host = await startFixtureHost(world);
    await eventually(async () => expect(await peekPoison()).toEqual([text]));
    expect(await seenJobs()).toHaveLength(0);
  });
});

describe("a queue output", { timeout: 60_000 }, () => {
  it("makes one message of each element of an array and wakes the listener", async () => {
    const body = JSON.stringify([{ n: 1 }, { n: 2 }]);
    await fetch(`${host.url}/api/send`, { method: "POST", body });
    await eventually(async () => expect(await seenJobs()).toHaveLength(2));
    const numbers = (await seenJobs()).map((each) => each.job.n);
    expect(numbers.sort()).toEqual([1, 2]);
  });
});

describe("a run by hand", { timeout: 60_000 }, () => {
  it("gives the queue function its input without a queue", async () => {
    const answer = await fetch(`${host.url}/admin/functions/jobs`, {
      method: "POST",
      headers: { "x-functions-key": MASTER_KEY },
      body: JSON.stringify({ input: '{"n":7}' }),
    });
    expect(answer.status).toBe(202);
    await eventually(async () => expect((await seenJobs())[0]?.job).toEqual({ n: 7 }));
  });
});
