import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { createSettings, startWorld, type World } from "../unit/local/functions-host/fixture.ts";
import { startHostProcess } from "../unit/local/functions-host/process.ts";

const TIMEOUT = { timeout: 60_000 };
let world: World;

beforeAll(async () => {
  world = await startWorld();
}, 90_000);

async function createApp(files: Record<string, string>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "functions-host-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const all = {
    "host.json": '{"version":"2.0"}',
    "package.json": '{"main":"index.cjs"}',
    ...files,
  };
  for (const [name, text] of Object.entries(all)) await writeFile(join(directory, name), text);
  return directory;
}

describe("the process", TIMEOUT, () => {
  it("prints one line of JSON when it is ready, and nothing else, on standard output", async () => {
    const keys = { FUNCTIONS_HOST_KEY: "hk", FUNCTIONS_MASTER_KEY: "mk", SAY_GOODBYE: "bye" };
    const host = startHostProcess(createSettings(world, keys));
    const ready = await host.ready;
    expect(ready).toEqual({
      ready: true,
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      hostKey: "hk",
      masterKey: "mk",
    });
    host.child.kill("SIGTERM");
    const ended = await host.ended;
    expect(ended.code).toBe(0);
    expect(ended.stdout).toBe(`${JSON.stringify(ready)}\n`);
    expect(ended.stderr).toContain("bye");
  });

  it("answers the request under way before it stops", async () => {
    const host = startHostProcess(createSettings(world));
    const { url } = await host.ready;
    const answer = fetch(`${url}/api/slow`);
    await vi.waitFor(async () => expect((await fetch(`${url}/admin/host/ping`)).status).toBe(200), {
      timeout: 60_000,
    });
    host.child.kill("SIGINT");
    expect(await (await answer).text()).toBe("slow");
    expect((await host.ended).code).toBe(0);
  });

  it("ends when its parent's end of standard input is closed", async () => {
    const host = startHostProcess(createSettings(world));
    await host.ready;
    host.child.stdin?.end();
    expect((await host.ended).code).toBe(0);
  });

  it("is killed at the n-th run that the fault names", async () => {
    const faults = { killAfter: { function: "nothing", at: "start", count: 2 } };
    const settings = createSettings(world, { FUNCTIONS_HOST_FAULTS: JSON.stringify(faults) });
    const host = startHostProcess(settings);
    const { url } = await host.ready;
    expect((await fetch(`${url}/api/nothing`)).status).toBe(204);
    await expect(fetch(`${url}/api/nothing`)).rejects.toThrow();
    expect((await host.ended).signal).toBe("SIGKILL");
  });

  it("gives the message of a killed run to the next host when the lease is over", async () => {
    const settings = createSettings(world, {
      FUNCTIONS_HOST_FAULTS: JSON.stringify({ killAfter: { function: "jobs" } }),
      FUNCTIONS_HOST_QUEUE_LEASE_SECONDS: "1",
    });
    const text = Buffer.from('{"n":1}').toString("base64");
    await world.queues.getQueueClient("jobs").sendMessage(text);
    expect((await startHostProcess(settings).ended).signal).toBe("SIGKILL");
    const second = startHostProcess({ ...settings, FUNCTIONS_HOST_FAULTS: "" });
    const { url } = await second.ready;
    const jobs = await vi.waitFor(
      async () => {
        const seen = JSON.parse(await (await fetch(`${url}/api/seen`)).text());
        expect(seen.jobs).toHaveLength(1);
        return seen.jobs;
      },
      { timeout: 60_000, interval: 100 },
    );
    expect(jobs[0].metadata.dequeueCount).toBe(2);
  });

  it("ends with exit code 124 when a run exceeds functionTimeout", async () => {
    const directory = await createApp({
      "host.json": '{"version":"2.0","functionTimeout":"00:00:01"}',
      "index.cjs": `require(${JSON.stringify(new URL("../unit/local/functions-host/fixture-app/index.cjs", import.meta.url).pathname)})`,
    });
    const host = startHostProcess(createSettings(world), [], directory);
    const { url } = await host.ready;
    await expect(fetch(`${url}/api/hang`)).rejects.toThrow();
    const ended = await host.ended;
    expect(ended.code).toBe(124);
    expect(ended.stderr).toContain("exceeded the functionTimeout of 1 s");
  });
});

/** Registers one function without the library, which an app in a folder of its own cannot find. */
const REGISTER =
  'require("@azure/functions-core").registerFunction({ name: "f", bindings: {} }, () => {})';

describe("an app that registers nothing", TIMEOUT, () => {
  it.each([
    ["throws while it loads", 'throw new Error("no luck")', "Error: no luck"],
    ["has nothing in it", "", "registered no function"],
  ])("runs without functions when it %s, and a line says why", async (_, text, reason) => {
    const app = await createApp({ "index.cjs": text });
    const host = startHostProcess(createSettings(world), [], app);
    const { url } = await host.ready;

    expect((await fetch(`${url}/`)).status).toBe(200);
    expect((await fetch(`${url}/api/health`)).status).toBe(404);

    host.child.kill("SIGTERM");
    const ended = await host.ended;
    expect(ended.code).toBe(0);
    expect(ended.stderr).toContain(reason);
    expect(ended.stderr).toContain("0 functions loaded");
  });
});

describe("a start that cannot succeed", TIMEOUT, () => {
  it.each([
    [
      "throws after it has registered a function",
      {
        "index.cjs": `${REGISTER}; throw new Error("no luck")`,
      },
      "Error: no luck",
    ],
    ["has no entry file", {}, 'package.json "main"'],
    ["has an invalid host.json", { "host.json": '{"version":"1.0"}' }, 'version: must be "2.0"'],
    ["has a host.json that is not JSON", { "host.json": '{\n  "version" 2' }, "host.json:2:13"],
  ])("exits with code 1 and the reason when the app %s", async (_, files, reason) => {
    const host = startHostProcess(createSettings(world), [], await createApp(files));
    const ended = await host.ended;
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toContain(reason);
    expect(ended.stderr).not.toContain("    at ");
  });

  it("exits with code 1 when the port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => new Promise((resolve) => other.close(() => resolve())));
    await new Promise((resolve) => other.once("listening", resolve));
    const address = other.address();
    const port = typeof address === "object" ? `${address?.port}` : "";
    const ended = await startHostProcess(createSettings(world), ["--port", port]).ended;
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(`Port ${port} on 127.0.0.1 is not available`);
  });

  it.each([
    ["AzureWebJobsStorage is missing", { AzureWebJobsStorage: "" }, "Set AzureWebJobsStorage"],
    ["faults are misspelt", { FUNCTIONS_HOST_FAULTS: '{"que":1}' }, "FUNCTIONS_HOST_FAULTS"],
    ["a number is none", { FUNCTIONS_HOST_QUEUE_LEASE_SECONDS: "x" }, "is not a number"],
  ])("exits with code 1 when %s", async (_, settings, reason) => {
    const ended = await startHostProcess(createSettings(world, settings)).ended;
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(reason);
  });
});
