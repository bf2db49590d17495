import { afterAll, beforeAll, expect, it } from "vitest";
import type { StatusView } from "../../shared/http/status-view.ts";
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
  expect(await test.exchanges()).toHaveLength(1);
  const idle = (await test.get("status")).headers.get("etag") ?? "";
  expect((await test.get("status", { "if-none-match": idle })).status).toBe(304);
});
