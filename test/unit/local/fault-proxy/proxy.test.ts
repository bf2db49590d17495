import { setTimeout as sleep } from "node:timers/promises";
import { TableClient } from "@azure/data-tables";
import { BlobServiceClient } from "@azure/storage-blob";
import { QueueServiceClient } from "@azure/storage-queue";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import {
  type FaultProxy,
  type StorageExchange,
  startFaultProxy,
} from "../../../../local/fault-proxy/index.ts";
import { formatConnectionString, type StorageEndpoints } from "../../../../local/world/accounts.ts";
import { type LeasedAccount, leaseAccount } from "../../../storage/lease.ts";

const ONCE = { retryOptions: { maxTries: 1, maxRetries: 0 } };

let leased: LeasedAccount;
let proxy: FaultProxy;
let direct: string;
let proxied: string;

beforeAll(async () => {
  leased = leaseAccount();
  const { roots } = leased;
  proxy = await startFaultProxy(roots);
  direct = connect(roots);
  proxied = connect(proxy.roots);
});

afterEach(() => proxy.setFaults({}));

afterAll(() => proxy.close());

function connect(roots: StorageEndpoints): string {
  const { account } = leased;
  const { name } = account;
  const { blob, queue, table } = roots;
  return formatConnectionString(account, {
    blob: `${blob}/${name}`,
    queue: `${queue}/${name}`,
    table: `${table}/${name}`,
  });
}

test("signed requests of all three services arrive as they are", async () => {
  const container = BlobServiceClient.fromConnectionString(proxied).getContainerClient("passing");
  await container.create();
  const bytes = Buffer.alloc(3 * 2 ** 20, "page blob ");
  const page = container.getPageBlobClient("a folder/ä disk.vhd");
  await page.create(bytes.length, { metadata: { ostype: "Linux" } });
  await page.uploadPages(bytes, 0, bytes.length);
  expect(await page.downloadToBuffer()).toEqual(bytes);
  expect((await page.getProperties()).metadata).toEqual({ ostype: "Linux" });

  const queue = QueueServiceClient.fromConnectionString(proxied).getQueueClient("passing");
  await queue.create();
  await queue.sendMessage("<ü&>");
  const { receivedMessageItems } = await queue.receiveMessages();
  expect(receivedMessageItems.map(({ messageText }) => messageText)).toEqual(["<ü&>"]);

  const table = openTable("passing");
  await table.createTable();
  await table.submitTransaction([
    ["create", { partitionKey: "p", rowKey: "1", value: "one" }],
    ["create", { partitionKey: "p", rowKey: "2", value: "two" }],
  ]);
  expect((await table.getEntity("p", "2")).value).toBe("two");
});

function openTable(name: string): TableClient {
  return TableClient.fromConnectionString(proxied, name, {
    allowInsecureConnection: true,
    ...ONCE,
  });
}

test.each([
  ["busy", 503, "ServerBusy"],
  ["error", 500, "InternalError"],
  ["conflict", 409, "Conflict"],
  ["precondition", 412, "ConditionNotMet"],
] as const)(
  "%s is answered %i %s by every service, and nothing is done",
  async (fault, status, code) => {
    proxy.setFaults({ chances: { [fault]: 1 } });
    const name = `refused-${fault}`;
    const refusal = expect.objectContaining({ statusCode: status });
    const container = BlobServiceClient.fromConnectionString(proxied, ONCE).getContainerClient(
      name,
    );
    const queue = QueueServiceClient.fromConnectionString(proxied, ONCE).getQueueClient(name);
    await expect(container.create()).rejects.toMatchObject({ statusCode: status, code });
    await expect(queue.create()).rejects.toMatchObject({ statusCode: status, code });
    await expect(openTable("refused").getEntity("p", "1")).rejects.toEqual(refusal);
    proxy.setFaults({});
    await expect(container.exists()).resolves.toBe(false);
    await expect(queue.exists()).resolves.toBe(false);
  },
);

test("a connection reset before loses the request, one reset after only the answer", async () => {
  const queues = QueueServiceClient.fromConnectionString(proxied, ONCE);
  proxy.setFaults({ plan: [{ fault: "resetBefore", path: "/lost-request" }] });
  await expect(queues.getQueueClient("lost-request").create()).rejects.toThrow();
  proxy.setFaults({ plan: [{ fault: "resetAfter", path: "/lost-answer" }] });
  await expect(queues.getQueueClient("lost-answer").create()).rejects.toThrow();
  const truth = QueueServiceClient.fromConnectionString(direct);
  await expect(truth.getQueueClient("lost-request").exists()).resolves.toBe(false);
  await expect(truth.getQueueClient("lost-answer").exists()).resolves.toBe(true);
});

test("a planned fault strikes as often as said, and only what matches", async () => {
  const blobs = BlobServiceClient.fromConnectionString(proxied, ONCE);
  const container = blobs.getContainerClient("planned");
  const before = proxy.struck.busy;
  proxy.setFaults({ plan: [{ fault: "busy", service: "blob", method: "head", count: 2 }] });
  await container.create();
  await expect(container.getBlobClient("none").getProperties()).rejects.toThrow();
  await expect(container.getBlobClient("none").getProperties()).rejects.toThrow();
  await expect(container.getBlobClient("none").exists()).resolves.toBe(false);
  expect(proxy.struck.busy - before).toBe(2);
});

test("a delayed request arrives late, and arrives", async () => {
  const queue = QueueServiceClient.fromConnectionString(proxied, ONCE).getQueueClient("delayed");
  proxy.setFaults({ delayMs: 300, plan: [{ fault: "delay" }] });
  const created = queue.create().then(() => "created");
  expect(await Promise.race([created, sleep(50, "on its way")])).toBe("on its way");
  expect(await created).toBe("created");
});

test("a client's retries get over resets on reused connections", async () => {
  const blobs = BlobServiceClient.fromConnectionString(proxied, {
    retryOptions: { maxTries: 10, retryDelayInMs: 1, maxRetryDelayInMs: 5 },
  });
  const container = blobs.getContainerClient("retried");
  proxy.setFaults({ seed: 5, chances: { resetBefore: 0.2, resetAfter: 0.1, busy: 0.2 } });
  await container.createIfNotExists();
  for (let index = 0; index < 20; index += 1) {
    await container.getBlockBlobClient(`blob-${index}`).upload("text", 4);
  }
  proxy.setFaults({});
  const names = [];
  for await (const { name } of container.listBlobsFlat()) names.push(name);
  expect(names).toHaveLength(20);
});

test("the observer is notified of every request that storage answered, and of no other", async () => {
  const exchanges: StorageExchange[] = [];
  const observed = await startFaultProxy(leased.roots, (each) => exchanges.push(each));
  try {
    const blobs = BlobServiceClient.fromConnectionString(connect(observed.roots), ONCE);
    const container = blobs.getContainerClient("observed");
    await container.create();
    await container.getBlockBlobClient("blob").upload("text", 4);
    await container.getBlobClient("blob").downloadToBuffer(0, 4);
    observed.setFaults({ plan: [{ fault: "busy" }] });
    await expect(container.getBlobClient("blob").getProperties()).rejects.toThrow();
    const told = exchanges.map(({ method, status, answerBytes }) => [method, status, answerBytes]);
    expect(told).toEqual([
      ["PUT", 201, 0],
      ["PUT", 201, 0],
      ["GET", 206, 4],
    ]);
  } finally {
    await observed.close();
  }
});
