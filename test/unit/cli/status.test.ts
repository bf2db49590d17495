import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runCommand } from "./run-command.ts";

const KEY = "the-key";
const ID = "abcdefghij2345672345";
const status = (state: string, more: object = {}) => ({
  requestId: ID,
  state,
  kind: "vhd",
  source: "web.vhd",
  image: { name: "web", id: state === "succeeded" ? "/subscriptions/s/images/web" : null },
  disks: [],
  warnings: [],
  error: null,
  retrying: null,
  updatedAt: "2026-01-01T00:00:00.000Z",
  events: [],
  ...more,
});

let server: Server;
let url = "";
let requests: IncomingMessage[] = [];
/** What the app answers for the request, one after the other; the last one for good. */
let answers: object[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    requests.push(request);
    const send = (code: number, body: object, headers = {}) =>
      void response
        .writeHead(code, { "content-type": "application/json", ...headers })
        .end(JSON.stringify(body));
    const { pathname, searchParams } = new URL(request.url ?? "", "http://x");
    if (request.headers["x-functions-key"] !== KEY) return send(401, {});
    if (pathname === "/api/status") {
      const source = searchParams.get("source");
      if (source === "broken") return send(400, { detail: "\u001b'source' is wrong" });
      if (source === "moved") return send(302, {}, { location: "http://127.0.0.1:1/" });
      const items = source === null || source === "web.vhd" ? [status("creating")] : [];
      return send(200, { items });
    }
    const body = answers.length > 1 ? answers.shift() : answers[0];
    if (body === undefined || pathname !== `/api/status/${ID}`) return send(404, {});
    return send(200, body, { etag: '"1"', "retry-after": "1" });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());
beforeEach(() => {
  requests = [];
  answers = [status("succeeded")];
});

const run = (args: readonly string[], environment: Record<string, string> = {}, more = {}) =>
  runCommand(args, {
    environment: { VHD_TO_IMAGE_URL: url, VHD_TO_IMAGE_KEY: KEY, ...environment },
    ...more,
  });

describe("vhd-to-image status", () => {
  it("lists requests", async () => {
    const { code, stdout, stderr } = await run(["status"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`● creating    ${ID}  web.vhd  web    2026-01-01T00:00:00Z`);
  });

  it.each([
    ["succeeded", 0],
    ["failed", 1],
    ["canceled", 1],
    ["creating", 4],
  ])("shows one that is %s and ends with %d", async (state, code) => {
    answers = [status(state)];
    expect(await run(["status", ID, "--json"])).toMatchObject({
      code,
      stdout: `${JSON.stringify(status(state), null, 2)}\n`,
    });
  });

  it("finds a request by the name of its upload", async () => {
    expect(await run(["status", "web.vhd"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("/subscriptions/s/images/web"),
    });
  });

  it("ends with 1 for a request that the app does not know", async () => {
    expect(await run(["status", "other.vhd"])).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining('The app has no request for "other.vhd".'),
    });
    for (const command of ["status", "watch", "cancel", "retry"]) {
      const { stderr } = await run([command, "other.vhd", "--url", url]);
      expect(stderr).toMatch(new RegExp(`^  vhd-to-image status --url ${url}$`, "m"));
    }
  });

  it("keeps the key in a header, and sends it nowhere else", async () => {
    await run(["status"]);
    expect(requests.every((request) => !request.url?.includes(KEY))).toBe(true);

    const { code, stderr } = await run(["status", "moved"]);
    expect({ code, stderr }).toEqual({ code: 3, stderr: `${url} answered 302\n` });
  });

  it.each([
    [{ VHD_TO_IMAGE_KEY: "wrong" }, 3, "refused the key (401)"],
    // A port to which fetch does not even try to connect.
    [{ VHD_TO_IMAGE_URL: "http://127.0.0.1:1" }, 3, "cannot be reached: the connection failed."],
    [{ VHD_TO_IMAGE_URL: "" }, 2, "The address of the app is missing"],
    [{ VHD_TO_IMAGE_KEY: "" }, 2, "is missing"],
    [{ VHD_TO_IMAGE_URL: "http://app.example" }, 2, "must begin with https://"],
    [{ VHD_TO_IMAGE_URL: "https://app.example/?code=abc" }, 2, "without a key"],
    [{ VHD_TO_IMAGE_URL: "ftp://app.example" }, 2, "is not an http(s) address"],
    [{ VHD_TO_IMAGE_URL: "", VHD_TO_IMAGE_LOCAL: "1" }, 3, "npm run local"],
  ])("with %j ends with %d", async (environment, code, text) => {
    const result = await run(["status"], environment);
    expect(result).toMatchObject({ code, stdout: "", stderr: expect.stringContaining(text) });
    expect(result.stderr).not.toContain("code=abc");
  });

  it("breaks an error at the width of the terminal, but no command", async () => {
    let text = "";
    const stderr = { write: (part: string) => (text += part), columns: 40 };
    expect(await runCommand(["status"], { stderr })).toMatchObject({ code: 2 });
    const lines = text.trimEnd().split("\n");
    const isCommand = (line: string) => line.startsWith("  export ");
    expect(lines.filter(isCommand)).toHaveLength(2);
    expect(lines.filter((line) => !isCommand(line) && line.length > 40)).toEqual([]);
  });

  it("accepts the address with /api at its end, and the flag before the environment", async () => {
    const other = { VHD_TO_IMAGE_URL: "http://127.0.0.1:1" };
    expect(await run(["status", "--url", `${url}/api/`], other)).toMatchObject({ code: 0 });
  });

  it("passes on what the app finds wrong, without control characters", async () => {
    const { code, stderr } = await run(["status", "broken"]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `${url} answered 400: ?'source' is wrong\n`,
    });
  });

  it("uses the local app with --local, the latest of several", async () => {
    const world = { pid: 1, functions: url, functionsKey: KEY, connectionString: "" };
    const localWorlds = async () => [world, { ...world, functions: "http://127.0.0.1:1" }];
    expect(
      await run(["status", "--local"], { VHD_TO_IMAGE_URL: "" }, { localWorlds }),
    ).toMatchObject({
      code: 0,
      stderr: `2 local apps are running; using the latest, ${url}\n`,
    });
  });
});

describe("vhd-to-image watch", () => {
  it("follows to the end, and prints each change as a line of JSON", async () => {
    answers = [status("waiting"), status("creating"), status("succeeded")];
    const { code, stdout, stderr } = await run(["watch", ID, "--json"]);
    expect(code).toBe(0);
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ state }) => state)).toEqual(["waiting", "creating", "succeeded"]);
    expect(stderr).toMatch(/● waiting[\s\S]*● creating[\s\S]*✓ succeeded/);
  });

  it("ends with 4 at the timeout, and says how to go on", async () => {
    answers = [status("creating")];
    let clock = 0;
    const tools = {
      now: () => clock,
      sleep: async (pause: number) => {
        clock += pause;
      },
    };
    expect(await run(["watch", "web.vhd", "--timeout", "5"], {}, tools)).toMatchObject({
      code: 4,
      stdout: "",
      stderr: expect.stringContaining(`vhd-to-image watch ${ID}\n`),
    });
  });

  it("says at Ctrl-C that the app continues, and ends with 130", async () => {
    answers = [status("creating")];
    const abort = new AbortController();
    const sleep = async () => {
      abort.abort();
      throw abort.signal.reason;
    };
    expect(await run(["watch", ID], {}, { signal: abort.signal, sleep })).toMatchObject({
      code: 130,
      stdout: "",
      stderr: expect.stringContaining(
        `The app continues without this command. To watch it again:\n  vhd-to-image watch ${ID}\n`,
      ),
    });
  });
});
