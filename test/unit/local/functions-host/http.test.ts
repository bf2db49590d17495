import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FunctionsHost } from "../../../../local/functions-host/host.ts";
import { getFunctionKey } from "../../../../local/functions-host/keys.ts";
import {
  createSettings,
  HOST_KEY,
  MASTER_KEY,
  readSeen,
  startFixtureHost,
  startWorld,
  type World,
} from "./fixture.ts";

let world: World;
let host: FunctionsHost;
const lines: string[] = [];

beforeAll(async () => {
  world = await startWorld();
  const settings = createSettings(world, { FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: "1000" });
  host = await startFixtureHost(world, { settings, log: (line) => lines.push(line) });
}, 90_000);

afterAll(async () => {
  await host.close();
}, 90_000);

const call = (path: string, init?: RequestInit) => fetch(`${host.url}${path}`, init);
const withKey = (key: string, init: RequestInit = {}): RequestInit => ({
  ...init,
  headers: { "x-functions-key": key, ...init.headers },
});

describe("function routes", () => {
  it("hand method, URL, route parameters, query, headers and body to the function", async () => {
    const init = { method: "PUT", body: "the body", headers: { "x-mark": "seen" } };
    const answer = await call("/api/echo/one/two%20three?a=1&a=2", withKey(HOST_KEY, init));
    expect(answer.status).toBe(201);
    expect(answer.headers.get("x-echo")).toBe("seen");
    expect(await answer.json()).toEqual({
      method: "PUT",
      url: `${host.url}/api/echo/one/two%20three?a=1&a=2`,
      params: { first: "one", second: "two three" },
      query: [["a", "1,2"]],
      body: "the body",
    });
  });

  it("send the function's cookies", async () => {
    const answer = await call("/api/echo/one", withKey(HOST_KEY));
    expect(answer.headers.getSetCookie()).toEqual([
      "a=b%20c; max-age=60; path=/; samesite=Lax; httponly",
    ]);
  });

  it("prefer a literal segment to a parameter", async () => {
    expect(await (await call("/api/echo/literal")).text()).toBe("literal");
  });

  it("answer 204 when the function returns nothing", async () => {
    expect((await call("/api/nothing")).status).toBe(204);
  });

  it("answer 500 without a body when the function throws", async () => {
    const answer = await call("/api/broken");
    expect([answer.status, await answer.text()]).toEqual([500, ""]);
  });

  it("answer 404 to a method that is not declared, HEAD included", async () => {
    expect((await call("/api/seen", { method: "POST" })).status).toBe(404);
    expect((await call("/api/seen", { method: "HEAD" })).status).toBe(404);
    expect((await call("/api/unknown")).status).toBe(404);
  });

  it("answer 413 to a body above the limit", async () => {
    const init = withKey(HOST_KEY, { method: "POST", body: "x".repeat(1001) });
    expect((await call("/api/echo/one", init)).status).toBe(413);
  });

  it("answer requests of one function side by side", async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => call("/api/meet")));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
  });
});

describe("keys", () => {
  it.each([
    ["no key", "/api/echo/one", "", 401],
    ["a wrong key", "/api/echo/one", "wrong", 401],
    ["the host key", "/api/echo/one", HOST_KEY, 201],
    ["the master key", "/api/echo/one", MASTER_KEY, 201],
    ["the host key on an admin function", "/api/only-admin", HOST_KEY, 401],
    ["the master key on an admin function", "/api/only-admin", MASTER_KEY, 200],
  ])("%s", async (_, path, key, status) => {
    expect((await call(path, withKey(key))).status).toBe(status);
    expect((await call(`${path}?code=${key}`)).status).toBe(status);
  });

  it("of one function opens that function only", async () => {
    expect((await call("/api/echo/one", withKey(getFunctionKey(host.keys, "echo")))).status).toBe(
      201,
    );
    expect((await call("/api/echo/one", withKey(getFunctionKey(host.keys, "seen")))).status).toBe(
      401,
    );
  });

  it("in the header win over the query", async () => {
    expect((await call(`/api/echo/one?code=${HOST_KEY}`, withKey("wrong"))).status).toBe(401);
  });

  it("never reach the log", async () => {
    await call(`/api/echo/one?code=${HOST_KEY}`);
    expect(lines.join("\n")).not.toContain(HOST_KEY);
  });
});

describe("hooks", () => {
  it("of the app's start run before the first request", async () => {
    expect((await readSeen(host.url)).hooks).toEqual(["appStart"]);
  });

  it("before an invocation can add inputs", async () => {
    expect(await (await call("/api/hooked")).text()).toBe("from the hook");
  });

  it("after an invocation can turn a failure into a result", async () => {
    expect((await call("/api/rescued")).status).toBe(202);
  });
});

describe("log", () => {
  it("names function and invocation beside what the app logs", async () => {
    await call("/api/echo/one", withKey(HOST_KEY));
    const own = lines.find((line) => line.includes("echoing"));
    expect(own).toMatch(/ information \[Function\.echo\.User\] echoing \(Id=[0-9a-f-]{36}\)$/);
  });
});

describe("admin routes", () => {
  it("answer the ping and the home page without a key", async () => {
    expect((await call("/admin/host/ping")).status).toBe(200);
    expect((await call("/")).status).toBe(200);
  });

  it.each(["/admin/host/status", "/admin/functions", "/admin/host/keys"])(
    "%s needs the master key",
    async (path) => {
      expect((await call(path)).status).toBe(401);
      expect((await call(path, withKey(HOST_KEY))).status).toBe(401);
      expect((await call(path, withKey(MASTER_KEY))).status).toBe(200);
    },
  );

  it("report the host as running", async () => {
    const status = await (await call("/admin/host/status", withKey(MASTER_KEY))).json();
    expect(status).toMatchObject({ state: "Running", errors: [] });
  });

  it("list the functions with their bindings", async () => {
    const list = await (await call("/admin/functions", withKey(MASTER_KEY))).json();
    expect(list).toHaveLength(17);
    expect(list).toContainEqual(
      expect.objectContaining({
        name: "tick",
        config: {
          name: "tick",
          bindings: [expect.objectContaining({ type: "timerTrigger", schedule: "%TICK%" })],
        },
      }),
    );
  });

  it("show the system key of the blob webhook", async () => {
    const keys = await (await call("/admin/host/systemkeys", withKey(MASTER_KEY))).json();
    expect(keys).toEqual({
      keys: [{ name: "blobs_extension", value: host.keys.blobsExtension }],
      links: [],
    });
  });

  it("answer 404 for a function that does not exist", async () => {
    const init = withKey(MASTER_KEY, { method: "POST", body: '{"input":""}' });
    expect((await call("/admin/functions/nobody", init)).status).toBe(404);
  });

  it("refuse a run by hand with a body that is not JSON", async () => {
    const init = withKey(MASTER_KEY, { method: "POST", body: "{" });
    expect((await call("/admin/functions/tick", init)).status).toBe(400);
  });
});

describe("the faults route", () => {
  it("shows, replaces and validates the faults", async () => {
    const set = (body: string) => call("/_host/faults", { method: "POST", body });
    expect(await (await call("/_host/faults")).json()).toEqual({});
    expect((await set('{"queue":{"duplicate":2}}')).status).toBe(200);
    expect(await (await call("/_host/faults")).json()).toEqual({ queue: { duplicate: 2 } });
    expect((await set('{"queue":{"typo":true}}')).status).toBe(400);
    expect(await (await set("{}")).json()).toEqual({});
  });
});

it("takes a request target that starts with two slashes for a path", async () => {
  const status = await new Promise((resolve, reject) => {
    const { port } = new URL(host.url);
    const sent = request({ port, host: "127.0.0.1", path: "//evil/api/seen" }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.on("error", reject).end();
  });
  expect(status).toBe(404);
});
