import { TableClient } from "@azure/data-tables";
import { BlobServiceClient } from "@azure/storage-blob";
import { QueueServiceClient } from "@azure/storage-queue";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { StatusView } from "../../shared/http/status-view.ts";
import type { PlanView } from "../../shared/plan/plan-view.ts";
import { startTestWorld, type TestWorld } from "./world.ts";

const WAITING = {
  properties: {
    storageProfile: { osDisk: { osType: "Linux", osState: "Generalized", blobUri: "os.vhd" } },
  },
};
const json = { "content-type": "application/json" };

let test: TestWorld;
beforeAll(async () => {
  test = await startTestWorld();
  await test.putManifest("web.json", WAITING);
  await test.status("web.json", ({ state }) => state === "waiting");
});
afterAll(() => test.close());

/** The sweep writes these whenever its timer fires, also during a plan. */
const SWEEP_NOTES = ["n:last-complete-sweep", "n:sweep-round"];

/** Everything in the app's storage, a line each: blobs and messages by name, rows with all they hold. */
async function readStorage(): Promise<readonly string[]> {
  const { connectionString } = test.world;
  const lines: string[] = [];
  const blobs = BlobServiceClient.fromConnectionString(connectionString);
  for await (const { name: container } of blobs.listContainers()) {
    if (container.startsWith("azure-webjobs")) continue; // the host's own, which beats by itself
    for await (const { name, properties } of blobs.getContainerClient(container).listBlobsFlat()) {
      lines.push(`blob ${container}/${name} ${properties.etag}`);
    }
  }
  const queues = QueueServiceClient.fromConnectionString(connectionString);
  for await (const { name } of queues.listQueues()) {
    const { peekedMessageItems } = await queues
      .getQueueClient(name)
      .peekMessages({ numberOfMessages: 32 });
    lines.push(...peekedMessageItems.map(({ messageId }) => `message ${name}/${messageId}`));
  }
  const table = TableClient.fromConnectionString(connectionString, "imageRequests", {
    allowInsecureConnection: true,
  });
  for await (const row of table.listEntities()) {
    if (!SWEEP_NOTES.includes(row.rowKey ?? "")) lines.push(`row ${JSON.stringify(row)}`);
  }
  return lines.sort();
}

/** Returns when no message for a step is left: requests that have ended may have sent one for later. */
async function lastMessagesAreDone(): Promise<void> {
  const queues = QueueServiceClient.fromConnectionString(test.world.connectionString);
  const work = queues.getQueueClient("image-work");
  await vi.waitFor(
    async () => expect((await work.getProperties()).approximateMessagesCount).toBe(0),
    { timeout: 90_000, interval: 250 },
  );
}

/** A plan, and the status with which it was answered. */
async function plan(query: string, manifest?: unknown) {
  const answer = await fetch(`${test.world.functions.url}/api/plan${query}`, {
    method: "POST",
    headers: { "x-functions-key": test.world.functions.key, ...json },
    ...(manifest !== undefined && { body: JSON.stringify(manifest) }),
  });
  return { status: answer.status, body: (await answer.json()) as PlanView };
}

/** A POST below `/api/status/` with the function key. */
const post = (path: string, headers: Record<string, string> = json): Promise<Response> =>
  fetch(`${test.world.functions.url}/api/status/${path}`, {
    method: "POST",
    headers: { "x-functions-key": test.world.functions.key, ...headers },
  });

it("a request is canceled, retried, and becomes an image after all", async () => {
  const { requestId } = await test.status("web.json", () => true);
  const list = await test.get("status");
  const etag = list.headers.get("etag") ?? "";
  expect(Number(list.headers.get("retry-after"))).toBeGreaterThanOrEqual(2);

  const noKey = await post(`${requestId}/cancel`, { ...json, "x-functions-key": "wrong" });
  expect(noKey.status).toBe(401);
  expect((await post(`${requestId}/cancel`, {})).status).toBe(415);
  expect((await post(`${requestId}/retry`)).status).toBe(409);

  const canceled = await post(`${requestId}/cancel`);
  expect(canceled.status).toBe(200);
  expect(await canceled.json()).toMatchObject({ requestId, state: "canceled", retriedBy: null });
  expect((await post(`${requestId}/cancel`)).status).toBe(409);
  expect((await test.get("status", { "if-none-match": etag })).status).toBe(200);

  const retried = await post(`${requestId}/retry`);
  expect(retried.status).toBe(202);
  const { requestId: newId } = (await retried.json()) as StatusView;
  const place = new URL(retried.headers.get("location") ?? "", retried.url);
  expect(place.pathname).toBe(`/api/status/${newId}`);
  await test.putVhd("os.vhd");
  expect(await test.status("web.json")).toMatchObject({
    requestId: newId,
    state: "succeeded",
    retryOf: requestId,
  });
  expect(await (await test.get(`status/${requestId}`)).json()).toMatchObject({
    state: "canceled",
    retriedBy: newId,
  });
  expect(test.exchanges()).toHaveLength(1);
  const idle = (await test.get("status")).headers.get("etag") ?? "";
  expect((await test.get("status", { "if-none-match": idle })).status).toBe(304);
});

it("a plan changes nothing, and has the PUT that is sent later byte for byte", async () => {
  const name = "planned.json";
  const manifest = {
    ...WAITING,
    tags: { 2: "two", 1: "one", naïve: 'ü/"' },
    properties: { storageProfile: { osDisk: { osState: "Generalized", blobUri: "planned.vhd" } } },
  };
  await test.putVhd("planned.vhd");
  // By itself it has no osstate: its own request has ended before anything is compared.
  expect(await test.status("planned.vhd")).toMatchObject({ error: { code: "IncompleteRequest" } });
  await lastMessagesAreDone();
  const sentBefore = test.exchanges().length;
  const before = await readStorage();

  const planned = await plan(`?name=${name}`, manifest);
  const refused = await plan("", { imageNme: "x" });
  const unknown = await plan("?source=nobody.json");

  expect(await readStorage()).toEqual(before);
  expect(before.some((line) => line.startsWith("row "))).toBe(true);
  expect(test.exchanges()).toHaveLength(sentBefore);
  expect(refused).toMatchObject({ status: 422, body: { mistakes: [{}, {}] } });
  expect(unknown.status).toBe(404);
  expect(planned).toMatchObject({ status: 200, body: { verdict: "create" } });

  await test.putManifest(name, manifest);
  expect((await test.status(name)).state).toBe("succeeded");
  const [put] = test.exchanges().slice(sentBefore);
  const [call] = planned.body.outputs[0]?.requests ?? [];
  expect(call).toMatchObject({ method: "PUT", url: put?.url });
  const text = JSON.stringify(call?.body);
  expect(text).toBe(JSON.stringify(put?.body));
  expect(String(Buffer.byteLength(text))).toBe(put?.headers["content-length"]);
  expect(await plan(`?source=${name}`)).toMatchObject({ body: { verdict: "exists" } });
});
