import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  imageFromDisk,
  imagePath,
  imageVersion,
  startTestSimulator,
  type TestSimulator,
} from "./simulator.ts";

let simulator: TestSimulator;

beforeEach(async () => {
  simulator = await startTestSimulator({ pollsInProgress: 1 });
});

afterEach(() => simulator.close());

test.each([
  [400, "InvalidParameter"],
  [401, "ExpiredAuthenticationToken"],
  [403, "AuthorizationFailed"],
  [404, "NotFound"],
  [409, "Conflict"],
  [429, "OperationNotAllowed"],
  [500, "InternalServerError"],
  [502, "BadGateway"],
  [503, "ServiceUnavailable"],
])("a fault with status %i answers the service's usual %s, once", async (status, code) => {
  const fault = { method: "PUT", path: "images/web", status, count: 1 };
  expect((await simulator.control("faults", fault)).status).toBe(201);
  const answer = await simulator.put("web", imageFromDisk());
  expect([answer.status, answer.json.error?.code]).toEqual([status, code]);
  expect(answer.json.error?.message).not.toBe("");
  expect((await simulator.put("web", imageFromDisk())).status).toBe(201);
});

test("429 names the throttling in its detail, with Retry-After only if ordered", async () => {
  await simulator.control("faults", { status: 429 });
  await simulator.control("faults", { status: 429, retryAfter: 2 });
  const without = await simulator.get("web");
  const withHeader = await simulator.get("web");
  expect(without.headers["retry-after"]).toBeUndefined();
  expect(withHeader.headers["retry-after"]).toBe("2");
  expect(without.json.error).toMatchObject({
    details: [{ code: "TooManyRequests", message: expect.stringContaining("GetImages3Min") }],
  });
});

test("a fault may bring its own error", async () => {
  const error = { code: "RequestDisallowedByPolicy", message: "No.", additionalInfo: [1] };
  await simulator.control("faults", { status: 403, error });
  expect((await simulator.get("web")).json).toEqual({ error });
});

test("a fault spoils as many requests as ordered, and only those that match", async () => {
  await simulator.control("faults", { method: "get", path: "IMAGES/web", status: 500, count: 2 });
  expect((await simulator.get("other")).status).toBe(404);
  expect((await simulator.put("web", imageFromDisk())).status).toBe(201);
  const statuses = [];
  for (let request = 0; request < 3; request += 1) {
    statuses.push((await simulator.get("web")).status);
  }
  expect(statuses).toEqual([500, 500, 200]);
});

test("faults are used in the order in which they were ordered", async () => {
  await simulator.control("faults", { status: 500 });
  await simulator.control("faults", { status: 503 });
  expect((await simulator.get("web")).status).toBe(500);
  expect((await simulator.get("web")).status).toBe(503);
});

test("a request without a token uses up no fault", async () => {
  await simulator.control("faults", { status: 500 });
  const path = `${imagePath}/web?${imageVersion}`;
  await simulator.send("GET", path, { headers: { authorization: "" } });
  expect((await simulator.get("web")).status).toBe(500);
});

test("a connection dropped before leaves nothing done", async () => {
  await simulator.control("faults", { status: "drop" });
  await expect(simulator.put("web", imageFromDisk())).rejects.toThrow(/hang up|ECONNRESET/);
  expect((await simulator.get("web")).status).toBe(404);
});

test("a connection dropped after leaves the work done", async () => {
  await simulator.control("faults", { method: "PUT", status: "Drop", when: "after" });
  await expect(simulator.put("web", imageFromDisk())).rejects.toThrow(/hang up|ECONNRESET/);
  expect((await simulator.get("web")).status).toBe(200);
});

test("an error answered after the work leaves the work done", async () => {
  await simulator.control("faults", { method: "PUT", status: 500, when: "after" });
  expect((await simulator.put("web", imageFromDisk())).status).toBe(500);
  expect((await simulator.get("web")).status).toBe(200);
});

test("a request that is left to time out is recorded without a status", async () => {
  await simulator.control("faults", { status: "timeout" });
  const abandoned = expect(simulator.get("web")).rejects.toThrow();
  await expect.poll(() => simulator.exchanges()).toHaveLength(1);
  expect((await simulator.exchanges())[0]).toMatchObject({ method: "GET", status: null });
  await simulator.close();
  await abandoned;
});

test.each([
  ["Failed", undefined, "InternalOperationError"],
  ["failed", { code: "DiskServiceInternalError", message: "x" }, "DiskServiceInternalError"],
  ["Canceled", undefined, "OperationPreempted"],
])(
  "an operation fault %s ends the next operation so, and its image",
  async (operation, error, code) => {
    await simulator.control("faults", { operation, error });
    const created = await simulator.put("web", imageFromDisk());
    expect((await simulator.poll(created)).json.status).toBe("InProgress");
    const ended = await simulator.poll(created);
    const status = operation === "Canceled" ? "Canceled" : "Failed";
    expect([ended.status, ended.json.status, ended.json.error?.code]).toEqual([200, status, code]);
    expect((await simulator.get("web")).json.properties?.provisioningState).toBe(status);
  },
);

test.each(["Never", "InProgress"])("an operation fault %s keeps it running", async (operation) => {
  await simulator.control("faults", { operation, path: "images/web" });
  const other = await simulator.put("other", imageFromDisk());
  const created = await simulator.put("web", imageFromDisk());
  await simulator.poll(other);
  expect((await simulator.poll(other)).json.status).toBe("Succeeded");
  for (let look = 0; look < 4; look += 1) {
    expect((await simulator.poll(created)).json.status).toBe("InProgress");
  }
  expect((await simulator.get("web")).json.properties?.provisioningState).toBe("Creating");
});

test("an operation fault Gone makes the URL of the operation answer 404, and the image goes on", async () => {
  await simulator.control("faults", { operation: "gone", path: "images/web" });
  const created = await simulator.put("web", imageFromDisk());
  const polled = await simulator.poll(created);
  expect([polled.status, polled.json.error?.code]).toEqual([404, "NotFound"]);
  expect((await simulator.get("web")).json.properties?.provisioningState).toBe("Creating");
  expect((await simulator.get("web")).json.properties?.provisioningState).toBe("Succeeded");
  expect((await simulator.poll(created)).status).toBe(404);
});

test("a PUT tries an image again that failed", async () => {
  await simulator.control("faults", { operation: "Failed" });
  const created = await simulator.put("web", imageFromDisk());
  await simulator.poll(created);
  await simulator.poll(created);
  const again = await simulator.put("web", imageFromDisk());
  expect(again.status).toBe(200);
  await simulator.poll(again);
  expect((await simulator.poll(again)).json.status).toBe("Succeeded");
});

test("a timeout with seconds breaks the connection after them", async () => {
  await simulator.control("faults", { status: "timeout", seconds: 0.2 });
  const broken = simulator.get("web").then(
    () => "answered",
    () => "broken",
  );
  expect(await Promise.race([broken, sleep(50, "open")])).toBe("open");
  expect(await broken).toBe("broken");
});

test("faults that are left can be forgotten", async () => {
  await simulator.control("faults", { status: 500, count: 5 });
  expect((await simulator.send("DELETE", "/_simulator/faults")).status).toBe(204);
  expect((await simulator.put("web", imageFromDisk())).status).toBe(201);
});
