import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Arena, startArena } from "../../../../local/chaos/arena.ts";
import { createQueueReader } from "../../../../local/chaos/queue-reader.ts";

const TIMEOUT = { timeout: 60_000 };
const APP_DIR = fileURLToPath(new URL("../world/fixture-app/", import.meta.url));

let arena: Arena;

beforeAll(async () => {
  arena = await startArena({ appDir: APP_DIR, settings: { SETTLE_SECONDS: "9" }, log: () => {} });
}, 60_000);

afterAll(() => arena.close());

type AppView = { readonly pid: number; readonly settings: Record<string, string> };

async function ask(index: number): Promise<AppView> {
  const response = await fetch(`${arena.app.urls[index]}/api/settings`, {
    headers: { "x-functions-key": arena.app.key },
  });
  return (await response.json()) as AppView;
}

test("two instances run on one storage account, which they reach through the proxy", async () => {
  const [first, second] = await Promise.all([ask(0), ask(1)]);
  expect(first.pid).not.toBe(second.pid);
  for (const { settings } of [first, second]) {
    expect(settings.ImageStorage).toContain(`BlobEndpoint=${arena.blobUrl};`);
    expect(settings.AzureWebJobsStorage).toBe(settings.ImageStorage);
    expect(settings.SETTLE_SECONDS).toBe("9");
  }
  expect(arena.connectionString).not.toContain(arena.blobUrl);
});

test(
  "an instance that was killed is up again at its address, and the other goes on",
  TIMEOUT,
  async () => {
    const before = [await ask(0), await ask(1)];
    const [instance] = arena.instances;
    await instance?.kill("now");
    expect((await ask(0)).pid).not.toBe(before[0]?.pid);
    expect((await ask(1)).pid).toBe(before[1]?.pid);
    expect([instance?.kills, instance?.crashes]).toEqual([1, 0]);
  },
);

test("a kill whose moment does not come is carried out all the same", TIMEOUT, async () => {
  const { pid } = await ask(1);
  await arena.instances[1]?.kill({ function: "none-of-that-name", at: "start" });
  expect((await ask(1)).pid).not.toBe(pid);
});

test("an instance that crashes is counted and started again", TIMEOUT, async () => {
  const { pid } = await ask(0);
  await fetch(`${arena.app.urls[0]}/api/crash`).catch(() => {});
  await expect
    .poll(async () => (await ask(0).catch(() => ({ pid }))).pid, { timeout: 60_000 })
    .not.toBe(pid);
  expect(arena.instances[0]?.crashes).toBe(1);
});

test("faults of triggers outlive a kill", TIMEOUT, async () => {
  const faults = { seed: 4, queue: { duplicate: true } };
  await arena.instances[0]?.setFaults(faults);
  await arena.instances[0]?.kill("now");
  const answer = await fetch(`${arena.app.urls[0]}/_host/faults`);
  expect(await answer.json()).toEqual(faults);
});

test("the queue reader counts invisible messages, and takes status events out", async () => {
  const { QueueServiceClient } = await import("@azure/storage-queue");
  const service = QueueServiceClient.fromConnectionString(arena.connectionString);
  const queue = service.getQueueClient("status");
  await queue.create();
  const event = { id: "a-1", sequence: "00000001", data: { requestId: "a", state: "received" } };
  const text = Buffer.from(JSON.stringify(event)).toString("base64");
  await queue.sendMessage(text);
  await queue.sendMessage(text, { visibilityTimeout: 600 });
  const reader = createQueueReader(arena.connectionString, "status");
  expect(await reader.peek("status")).toEqual([JSON.stringify(event)]);
  expect(await reader.drainStatus()).toEqual([event]);
  expect([await reader.count("status"), await reader.count("missing")]).toEqual([1, 0]);
});
