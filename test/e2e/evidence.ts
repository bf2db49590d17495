import { TableClient } from "@azure/data-tables";
import { QueueServiceClient } from "@azure/storage-queue";
import type { TestWorld } from "./world.ts";

/** Every row of the request table, all properties. */
export async function readRows(test: TestWorld): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for await (const row of requestTable(test).listEntities<Record<string, unknown>>()) {
    rows.push(row);
  }
  return rows;
}

/** The table of the app under test. */
export function requestTable(test: TestWorld): TableClient {
  return TableClient.fromConnectionString(test.world.connectionString, "imageRequests", {
    allowInsecureConnection: true,
  });
}

/** The text of every message in every queue; base64 is undone. The messages are taken. */
export async function takeMessages(test: TestWorld): Promise<{ queue: string; text: string }[]> {
  const service = QueueServiceClient.fromConnectionString(test.world.connectionString);
  const messages: { queue: string; text: string }[] = [];
  for await (const { name } of service.listQueues()) {
    const queue = service.getQueueClient(name);
    for (;;) {
      const options = { numberOfMessages: 32, visibilityTimeout: 600 };
      const { receivedMessageItems } = await queue.receiveMessages(options);
      if (receivedMessageItems.length === 0) break;
      messages.push(
        ...receivedMessageItems.map(({ messageText }) => ({
          queue: name,
          text: decode(messageText),
        })),
      );
    }
  }
  return messages;
}

/** Messages in every poison queue, by the queue's name. */
export async function countPoison(test: TestWorld): Promise<Record<string, number>> {
  const service = QueueServiceClient.fromConnectionString(test.world.connectionString);
  const counts: Record<string, number> = {};
  for await (const { name } of service.listQueues()) {
    if (!name.endsWith("-poison")) continue;
    const { approximateMessagesCount = 0 } = await service.getQueueClient(name).getProperties();
    counts[name] = approximateMessagesCount;
  }
  return counts;
}

function decode(text: string): string {
  return /^[A-Za-z0-9+/]+=*$/.test(text) ? Buffer.from(text, "base64").toString("utf8") : text;
}
