import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ContainerClient } from "@azure/storage-blob";
import { afterEach, expect, test } from "vitest";
import { endedAsExpected } from "../../../../local/demo/expectation.ts";
import type { DemoPlan } from "../../../../local/demo/plan.ts";
import { type DemoRun, runDemo } from "../../../../local/demo/run-demo.ts";
import { createScreen } from "../../../../local/demo/screen.ts";
import { createPaint } from "../../../../local/demo/style.ts";
import { memorySource } from "../../../../local/disk-upload/index.ts";
import { PartDiedError } from "../../../../local/world/part-errors.ts";
import type { StatusView } from "../../../../shared/http/status-view.ts";
import { leaseAccount } from "../../../storage/lease.ts";
import { createStatus, inRegions, SUCCEEDED } from "./sample-status.ts";

const TIMEOUT = { timeout: 60_000 };
const servers: Server[] = [];
const { connectionString } = leaseAccount();

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const PLAN: DemoPlan = {
  requests: [{ source: "web.json", title: "a manifest", expected: "succeeded" }],
  uploads: [
    { source: "web.json", blob: "web.json", content: { kind: "manifest", body: { a: 1 } } },
  ],
};

/**
 * A status API that knows nothing until there has been an upload, and then gives one answer after the
 * other, the last one forever.
 */
async function serveStatuses(
  answers: readonly StatusView[],
  hasUpload: () => boolean,
): Promise<string> {
  let next = 0;
  const server = createServer((request, response) => {
    const answer = answers[Math.min(next, answers.length - 1)];
    const isList = request.url === "/api/status?limit=100";
    const items = hasUpload() ? [answer] : [];
    if (isList) next += items.length;
    const isAllowed = request.headers["x-functions-key"] === "the key";
    response.statusCode = isAllowed ? 200 : 401;
    response.end(JSON.stringify(isList ? { items } : answer));
  });
  servers.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function createRun(answers: readonly StatusView[]): Promise<DemoRun & { lines: string[] }> {
  const lines: string[] = [];
  const hasUpload = () => lines.some((line) => line.includes("uploaded"));
  const url = await serveStatuses(answers, hasUpload);
  return {
    world: {
      connectionString,
      functions: { url, key: "the key", masterKey: "" },
      died: new Promise(() => {}),
    },
    plan: PLAN,
    screen: createScreen({ write: (text) => lines.push(text.trim()) }),
    paint: createPaint(false),
    now: () => performance.now(),
    elapsed: () => 7,
    signal: new AbortController().signal,
    lines,
  };
}

test("uploads, tells each state once, and ends with the request", TIMEOUT, async () => {
  const waiting = createStatus("web.json");
  const done = createStatus("web.json", SUCCEEDED);
  const run = await createRun([waiting, waiting, done]);
  const rows = await runDemo(run);
  expect(rows.map(endedAsExpected)).toEqual([true]);
  expect(run.lines[0]).toBe("7.0 s  uploaded web.json");
  expect(run.lines.filter((line) => line.includes("waiting"))).toHaveLength(1);
  const container = new ContainerClient(connectionString, "uploads");
  const blob = await container.getBlobClient("web.json").downloadToBuffer();
  expect(JSON.parse(blob.toString())).toEqual({ a: 1 });
});

test("in a pipe, each progress of the regions is a line of its own", TIMEOUT, async () => {
  const replicating = (progress: number) =>
    createStatus("web.json", { ...inRegions(100, progress), state: "creating" });
  const done = createStatus("web.json", SUCCEEDED);
  const run = await createRun([replicating(10), replicating(10), replicating(60), done]);
  await runDemo(run);
  expect(run.lines.filter((line) => line.includes("creating"))).toEqual([
    expect.stringMatching(/creating +West US 100 %, North Europe 10 %$/),
    expect.stringMatching(/creating +West US 100 %, North Europe 60 %$/),
  ]);
});

test(
  "a disk in another format is uploaded as a block blob with its metadata",
  TIMEOUT,
  async () => {
    const run = await createRun([createStatus("web.json", SUCCEEDED)]);
    const bytes = new Uint8Array(5 * 2 ** 20).fill(7);
    const metadata = { osstate: "Generalized" };
    const reader = { read: async (at: number, count: number) => bytes.subarray(at, at + count) };
    // Where it holds something says nothing to a block blob: all of it is sent.
    const data = [{ offset: 0, count: 1 }];
    const source = memorySource({ reader, sizeBytes: bytes.length, data, shown: "server.vhdx" });
    const content = { kind: "file", open: async () => source, metadata } as const;
    const uploads = [{ source: "web.json", blob: "server.vhdx", content }];
    await runDemo({ ...run, plan: { ...PLAN, uploads } });
    const blob = new ContainerClient(connectionString, "uploads").getBlobClient("server.vhdx");
    expect(await blob.getProperties()).toMatchObject({ blobType: "BlockBlob", metadata });
    expect(Buffer.compare(await blob.downloadToBuffer(), bytes)).toBe(0);
  },
);

test("a request that does not end in time is returned as it stands", TIMEOUT, async () => {
  const run = await createRun([createStatus("web.json")]);
  const rows = await runDemo({ ...run, endTimeoutMs: 600 });
  expect(rows.map(({ state }) => state)).toEqual(["waiting"]);
  expect(rows.map(endedAsExpected)).toEqual([false]);
});

test("a part that dies ends the demo with its error", TIMEOUT, async () => {
  const run = await createRun([createStatus("web.json")]);
  const death = new PartDiedError("functions host", "exit code 1", []);
  const world = { ...run.world, died: Promise.resolve(death) };
  await expect(runDemo({ ...run, world })).rejects.toBe(death);
});

test("a status API that refuses ends the demo with its answer", TIMEOUT, async () => {
  const run = await createRun([createStatus("web.json")]);
  const functions = { ...run.world.functions, key: "another" };
  const refused = runDemo({ ...run, world: { ...run.world, functions } });
  await expect(refused).rejects.toThrow("GET /api/status?limit=100 answered 401");
});

test("an abort ends the demo with the signal's reason", TIMEOUT, async () => {
  const run = await createRun([createStatus("web.json")]);
  const reason = new Error("Ctrl-C");
  const controller = new AbortController();
  const running = runDemo({ ...run, signal: controller.signal });
  controller.abort(reason);
  await expect(running).rejects.toBe(reason);
});
