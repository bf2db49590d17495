import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { QueueClient } from "@azure/storage-queue";
import { beforeAll, describe, expect, it } from "vitest";
import { createStatusQueue, createWorkQueue } from "../../shared/azure/storage/queues.ts";
import { createFakeClock } from "../fakes/clock.ts";
import { createFakeStatusQueue, createFakeWorkQueue } from "../fakes/queues.ts";
import { leaseTestStorage, type TestStorage } from "./azurite.ts";
import { statusQueueContract, workQueueContract } from "./queues.contract.ts";

describe("the fake work queue", () => {
  workQueueContract(async () => {
    const clock = createFakeClock();
    const queue = createFakeWorkQueue(clock.now);
    return {
      queue,
      visible: async () =>
        queue.pending
          .filter(({ visibleAt }) => visibleAt <= clock.now())
          .map(({ message }) => message),
      pass: async (seconds) => clock.advance(seconds),
    };
  });
});

describe("the fake status queue", () => {
  statusQueueContract(async () => createFakeStatusQueue());
});

describe("the queues on Azurite", () => {
  let storage: TestStorage;
  beforeAll(async () => {
    storage = leaseTestStorage();
  });

  const makeClient = async (): Promise<QueueClient> => {
    const client = new QueueClient(storage.connectionString, `q${randomUUID()}`);
    await client.create();
    return client;
  };

  describe("work queue", () => {
    workQueueContract(async () => {
      const client = await makeClient();
      return {
        queue: createWorkQueue(client),
        visible: async () => {
          const { peekedMessageItems } = await client.peekMessages({ numberOfMessages: 32 });
          return peekedMessageItems.map(({ messageText }) =>
            JSON.parse(Buffer.from(messageText, "base64").toString("utf8")),
          );
        },
        pass: (seconds) => sleep(seconds * 1000),
      };
    });

    it("keeps messages until they are processed", async () => {
      const client = await makeClient();
      await createWorkQueue(client).send({ requestId: "abc" }, 0);
      const { receivedMessageItems } = await client.receiveMessages();
      expect(receivedMessageItems[0]?.expiresOn.getUTCFullYear()).toBe(9999);
    });

    it("cuts a delay to the week that the service takes", async () => {
      const client = await makeClient();
      await expect(
        createWorkQueue(client).send({ requestId: "abc" }, 30 * 24 * 3600),
      ).resolves.toBeUndefined();
    });
  });

  describe("status queue", () => {
    statusQueueContract(async () => createStatusQueue(await makeClient()));

    it("leaves out messages that are none of its own", async () => {
      const client = await makeClient();
      await client.sendMessage("not base64 of JSON");
      expect(await createStatusQueue(client).peek()).toEqual({
        approximateMessageCount: 1,
        messages: [],
      });
    });
  });
});
