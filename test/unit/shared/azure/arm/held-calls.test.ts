import { createHttpHeaders, createPipelineRequest } from "@azure/core-rest-pipeline";
import { describe, expect, it } from "vitest";
import { holdWrites } from "../../../../../shared/azure/arm/held-calls.ts";

const URL_OF_IT = "https://arm.test/subscriptions/S/providers/P/images/web%20os?api-version=1";

/** A client that holds back, and what came through to the service. */
function hold() {
  const sent: string[] = [];
  const held = holdWrites({
    async sendRequest(request) {
      sent.push(request.method);
      return { request, status: 404, headers: createHttpHeaders() };
    },
  });
  const call = (method: "GET" | "HEAD" | "PUT" | "POST" | "PATCH" | "DELETE", body?: string) =>
    held.client.sendRequest(
      createPipelineRequest({ url: URL_OF_IT, method, ...(body !== undefined && { body }) }),
    );
  return { sent, take: held.take, call };
}

describe("a client that holds writes back", () => {
  it("lets reads through", async () => {
    const { sent, call, take } = hold();

    expect((await call("GET")).status).toBe(404);
    await call("HEAD");
    expect(sent).toEqual(["GET", "HEAD"]);
    expect(take()).toEqual([]);
  });

  it.each(["PUT", "POST", "PATCH", "DELETE"] as const)(
    "sends no %s, and gives it out once",
    async (method) => {
      const { sent, call, take } = hold();

      expect((await call(method, '{"b":1,"a":2}')).status).toBe(201);
      expect(sent).toEqual([]);
      const calls = take();
      expect(calls).toEqual([{ method, url: URL_OF_IT, body: { a: 2, b: 1 } }]);
      expect(JSON.stringify(calls[0]?.body)).toBe('{"b":1,"a":2}');
      expect(take()).toEqual([]);
    },
  );

  it("shows what was put as ready, to later reads of its own", async () => {
    const { sent, call } = hold();
    await call("PUT", '{"location":"westeurope","properties":{"x":1}}');

    const { status, bodyAsText } = await call("GET");
    expect(status).toBe(200);
    expect(JSON.parse(bodyAsText ?? "")).toEqual({
      location: "westeurope",
      id: "/subscriptions/S/providers/P/images/web os",
      name: "web os",
      properties: { x: 1, provisioningState: "Succeeded" },
    });
    expect(sent).toEqual([]);
    expect((await hold().call("GET")).status).toBe(404);
  });

  it("takes a call without a body", async () => {
    const { call, take } = hold();
    await call("DELETE");
    expect(take()).toEqual([{ method: "DELETE", url: URL_OF_IT, body: null }]);
  });
});
