import { setTimeout as sleep } from "node:timers/promises";
import { TableClient } from "@azure/data-tables";
import { QueueClient } from "@azure/storage-queue";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Exchange } from "../../local/arm-simulator/control/exchanges.ts";
import { fromProperties } from "../../shared/azure/storage/record-entity.ts";
import { callArm, waitForOperation } from "../e2e/arm-client.ts";
import { SNAPSHOT_MANIFEST } from "../e2e/manifests.ts";
import { putBodyOf, startTestWorld, type TestWorld } from "../e2e/world.ts";

let patient: TestWorld;
let hasty: TestWorld;
beforeAll(async () => {
  [patient, hasty] = await Promise.all([
    startTestWorld({ POLL_SECONDS: "3", RETRY_SECONDS: "0.1", OVERDUE_SECONDS: "3" }),
    startTestWorld({ CREATE_DEADLINE_HOURS: "0.002" }),
  ]);
});
afterAll(() => Promise.all([patient, hasty].map((world) => world.close())));

/** Uploads a manifest with a fault in wait for its image; returns the manifest's name. */
async function uploadWithFault(test: TestWorld, image: string, fault: object): Promise<string> {
  await test.fault({ method: "PUT", path: `images/${image}`, ...fault });
  await test.putManifest(`${image}.json`, SNAPSHOT_MANIFEST);
  return `${image}.json`;
}

function listPuts(test: TestWorld, image: string): readonly Exchange[] {
  return test.exchanges().filter(({ url }) => url.includes(`/images/${image}?`));
}

const statusesOf = (exchanges: readonly Exchange[]) => exchanges.map(({ status }) => status);

describe.concurrent("an operation", () => {
  it("whose URL is gone: the image itself tells how it ends", async () => {
    const source = await uploadWithFault(patient, "gone", { operation: "Gone" });
    expect(await patient.status(source)).toMatchObject({
      state: "succeeded",
      error: null,
      image: { id: expect.stringMatching(/\/images\/gone$/) },
    });
    const id = operationId(listPuts(patient, "gone")[0]);
    const looks = patient.exchanges("GET").filter(({ url }) => url.includes(id));
    expect(statusesOf(looks)).toEqual([404]);
    await expect(putBodyOf(patient, "gone")).resolves.toBeTruthy();
  });

  it("whose image somebody deletes before the app checks again", async ({ expect }) => {
    await patient.putManifest("vanish.json", SNAPSHOT_MANIFEST);
    const isAsked = () => listPuts(patient, "vanish").length;
    await expect.poll(isAsked, { timeout: 60_000 }).toBe(1);
    const [put] = listPuts(patient, "vanish");
    await waitForOperation(patient, operationUrl(put));
    const deletion = await callArm(patient, "DELETE", put?.url ?? "");
    expect(deletion.status).toBe(202);
    await waitForOperation(patient, String(deletion.headers["azure-asyncoperation"]));

    expect(await patient.status("vanish.json")).toMatchObject({
      state: "failed",
      error: { code: "ImageVanished", retryable: true, fix: expect.stringMatching(/\w/) },
    });
    expect(listPuts(patient, "vanish")).toHaveLength(1);
  });

  it("that never ends fails when its deadline has passed", async () => {
    const source = await uploadWithFault(hasty, "endless", { operation: "Never" });
    await hasty.status(source, ({ state }) => state === "creating");
    expect(await hasty.status(source)).toMatchObject({
      state: "failed",
      error: {
        code: "CreateTimedOut",
        message: "The image was not ready before its deadline.",
        fix: expect.stringContaining("CREATE_DEADLINE_HOURS"),
        retryable: true,
      },
    });
  });
});

describe.concurrent("an answer", () => {
  it.each([
    { what: "403 that heals when the role has become known", status: 403, count: 3 },
    { what: "500 four times, and then none", status: 500, count: 4 },
  ])("$what: the image is requested until it is there", async ({ status, count }) => {
    const image = `heals${status}`;
    const source = await uploadWithFault(patient, image, { status, count });
    const waiting = await patient.status(source, ({ retrying }) => retrying !== null);
    expect(waiting).toMatchObject({ state: "submitting", error: null });
    expect(await patient.status(source)).toMatchObject({ state: "succeeded", error: null });
    const puts = statusesOf(listPuts(patient, image));
    expect(puts).toEqual([...Array(count).fill(status), 201]);
  });

  it("that stays the same until the time ends is named in the error", async () => {
    const source = await uploadWithFault(hasty, "throttled", { status: 429, count: 99 });
    const { state, error } = await hasty.status(source);
    expect(state).toBe("failed");
    expect(error).toMatchObject({ code: "CreateTimedOut", retryable: true });
    expect(error?.message).toMatch(/The last answer was TooManyRequests: .*too many requests/);
  });
});

it("a Retry-After of 1200 s is spent in the queue, not in an invocation", async () => {
  // The only open request of this world: all others have ended. Besides the message that it waits for
  // there are those that were to take over from a dead process, for OVERDUE_SECONDS.
  const source = await uploadWithFault(patient, "later", { status: 429, retryAfter: 1200 });
  const { requestId } = await patient.status(source, ({ retrying }) => retrying !== null);

  const queue = new QueueClient(patient.world.connectionString, "image-work");
  const countMessages = async () => (await queue.getProperties()).approximateMessagesCount;
  await expect.poll(countMessages, { timeout: 60_000 }).toBe(1);
  expect((await queue.peekMessages()).peekedMessageItems).toEqual([]);
  const dueInSeconds = (await readDueAt(patient, requestId)).getTime() / 1000 - Date.now() / 1000;
  expect(dueInSeconds).toBeGreaterThan(1190);
  expect(dueInSeconds).toBeLessThan(1.2 * 1200 + 1);

  const count = (what: string): number =>
    patient.log.filter((line) => line.includes(`${what} 'Functions.advance'`)).length;
  await expect.poll(() => count("Executing") - count("Executed")).toBe(0);
  const runs = count("Executing");
  await sleep(2000);
  expect(count("Executing")).toBe(runs);
  expect(statusesOf(listPuts(patient, "later"))).toEqual([429]);
});

/** When the next step of a request is due, from its record. */
async function readDueAt(test: TestWorld, requestId: string): Promise<Date> {
  const options = { allowInsecureConnection: true };
  const table = TableClient.fromConnectionString(
    test.world.connectionString,
    "imageRequests",
    options,
  );
  for await (const entity of table.listEntities()) {
    if (!("json0" in entity)) continue;
    const record = fromProperties(entity);
    if (record.requestId === requestId && record.dueAt !== null) return new Date(record.dueAt);
  }
  throw new Error(`${requestId} has no record with a due time`);
}

function operationUrl(put: Exchange | undefined): string {
  const url = put?.responseHeaders["azure-asyncoperation"];
  if (url === undefined) throw new Error("the PUT was not answered with an operation");
  return url;
}

function operationId(put: Exchange | undefined): string {
  return new URL(operationUrl(put)).pathname.split("/").at(-1) ?? "";
}
