import { expect, it } from "vitest";
import { makeHandler } from "../../../functions/queue.http.ts";
import { toCloudEvent } from "../../../shared/events.ts";
import { makeEvent, makeRecord } from "../../factories.ts";
import { createFakeLog } from "../../fakes/log.ts";
import { createFakeStatusQueue } from "../../fakes/queues.ts";
import { makeRequest } from "./invocation.ts";

it("GET /api/queue gives the head of the status queue and takes nothing away", async () => {
  const queue = createFakeStatusQueue();
  const event = toCloudEvent(makeRecord(), makeEvent(), "own");
  await queue.publish(event);
  const peek = makeHandler(queue);

  const answers = [
    await peek(makeRequest("queue"), createFakeLog()),
    await peek(makeRequest("queue"), createFakeLog()),
  ];

  const answer = { jsonBody: { approximateMessageCount: 1, messages: [event] } };
  expect(answers).toEqual([answer, answer]);
});
