import type { QueueClient, ReceivedMessageItem } from "@azure/storage-queue";
import { expect, it } from "vitest";
import {
  type ProcessorOptions,
  processMessage,
} from "../../../../local/functions-host/queue/processor.ts";

const POISON_URL = "http://127.0.0.1/account/jobs-poison";

/** Notes its calls; a queue of the service is among the end-to-end tests. */
function makeQueue(calls: string[], url: string): QueueClient {
  const note = (call: string) => async () => void calls.push(`${call} ${url}`);
  const queue = {
    url,
    createIfNotExists: note("create"),
    sendMessage: note("send to"),
    deleteMessage: note("delete from"),
    updateMessage: note("update"),
  };
  return queue as unknown as QueueClient;
}

it.each([true, false])(
  "wakes the listener of the poison queue that a message is moved to (decodable: %s)",
  async (isText) => {
    const calls: string[] = [];
    const poison = makeQueue(calls, POISON_URL);
    const options: ProcessorOptions = {
      queue: makeQueue(calls, "jobs"),
      findPoison: () => poison,
      onPoison: (url) => void calls.push(`wake ${url}`),
      encoding: "base64",
      maxDequeueCount: 3,
      failureVisibilitySeconds: 0,
      leaseSeconds: 600,
      run: async () => false,
      log: () => {},
    };
    const item = {
      messageText: isText ? Buffer.from("job").toString("base64") : "{no base64}",
      messageId: "1",
      popReceipt: "r",
      dequeueCount: 3,
    } as ReceivedMessageItem;
    await processMessage(options, item);
    expect(calls).toEqual([
      `create ${POISON_URL}`,
      `send to ${POISON_URL}`,
      `wake ${POISON_URL}`,
      "delete from jobs",
    ]);
  },
);
