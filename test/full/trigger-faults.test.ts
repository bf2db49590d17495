import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SNAPSHOT_MANIFEST } from "../e2e/manifests.ts";
import { startTestWorld, type TestWorld } from "../e2e/world.ts";
import { expectOneImage, listPuts, postEvents, putVhdSlowly, WorkQueue } from "./trigger-bench.ts";

const ofBlob = (blobUri: string) => ({
  properties: {
    hyperVGeneration: "V2",
    storageProfile: { osDisk: { osType: "Linux", osState: "Generalized", blobUri } },
  },
});
const metadata = { ostype: "linux", osstate: "generalized", hypervgeneration: "V2" };

const faults = (value: object) => ({ FUNCTIONS_HOST_FAULTS: JSON.stringify(value) });
const SETTINGS = {
  /** The scan as it is: each change of a blob, each page, is news to it. */
  scan: { FUNCTIONS_HOST_BLOB_POLL_SECONDS: "0.5" },
  /** Everything at once, and too early. */
  unruly: faults({
    blobEvents: { duplicate: true, reorder: true, early: true },
    queue: { duplicate: true },
  }),
  /** No event ever comes. */
  deaf: faults({ blobEvents: { drop: true } }),
  /** Event Grid as it is: no receipts, no order. A message that is not renewed is back in a second. */
  events: { BLOB_TRIGGER_SOURCE: "EventGrid", FUNCTIONS_HOST_QUEUE_LEASE_SECONDS: "1" },
} as const;

type WorldName = keyof typeof SETTINGS;
const started = new Map<WorldName, TestWorld>();
function world(name: WorldName): TestWorld {
  const found = started.get(name);
  if (found === undefined) throw new Error(`the world '${name}' did not start`);
  return found;
}

beforeAll(async () => {
  const names = Object.keys(SETTINGS) as WorldName[];
  await Promise.all(
    names.map(async (name) => {
      started.set(name, await startTestWorld(SETTINGS[name]));
    }),
  );
});
afterAll(async () => {
  await Promise.all([...started.values()].map((test) => test.close()));
});

describe.concurrent("the scan", () => {
  it("runs the app again for each change of a blob that is being uploaded: one request, and the PUT after the last page", async () => {
    const test = world("scan");
    const isSeen = () => countRuns(test, "changing.vhd") > 1;
    const ended = await putVhdSlowly(test, "changing.vhd", metadata, isSeen);
    await expectOneImage(test, "changing.vhd", "changing");
    expect(firstPutAt(test, "changing")).toBeGreaterThan(ended);
  });

  it("and events from Event Grid beside it, in any number: one request", async () => {
    const test = world("scan");
    await test.putManifest("both.json", SNAPSHOT_MANIFEST);
    const deliver = () => postEvents(test, ["both.json", "both.json"]);
    await Promise.all([deliver(), deliver()]);
    await expectOneImage(test, "both.json", "both");
    await deliver();
    await test.putManifest("after-both.json", SNAPSHOT_MANIFEST);
    await expectOneImage(test, "after-both.json", "after-both");
    await expectOneImage(test, "both.json", "both");
    expect(countRuns(test, "both.json")).toBeGreaterThan(3);
  });

  it("and copies of the work messages, all at the same time: one image, requested once", async () => {
    const test = world("scan");
    const queue = new WorkQueue(test);
    await test.putManifest("copies.json", SNAPSHOT_MANIFEST);
    const { requestId } = await test.status("copies.json", () => true);
    const steps = [undefined, 1, 2, 3, 4, 5, 6];
    for (let burst = 0; burst < 3; burst++) {
      await queue.send([...steps, ...steps].map((step) => ({ requestId, step })));
      await sleep(400);
    }
    await expectOneImage(test, "copies.json", "copies");
  });
});

describe.concurrent("duplicate, reordered and early events", () => {
  it("of a manifest and its VHD: one request each, one image", async () => {
    const test = world("unruly");
    await test.putManifest("twice.json", ofBlob("twice.vhd"));
    await test.putVhd("twice.vhd");
    await expectOneImage(test, "twice.json", "twice");
    const own = await test.status("twice.vhd");
    expect(own.state).toBe("canceled");
    expect(await test.statuses("twice.vhd")).toHaveLength(1);
    expect(test.log.join("\n")).toContain("Duplicated the event of twice.json");
  });

  it("before the first page of a VHD: the PUT is sent after the last", async () => {
    const test = world("unruly");
    await test.putManifest("early.json", ofBlob("early.vhd"));
    const isSeen = () => countRuns(test, "early.vhd") > 1;
    const ended = await putVhdSlowly(test, "early.vhd", {}, isSeen);
    await expectOneImage(test, "early.json", "early");
    expect(firstPutAt(test, "early")).toBeGreaterThan(ended);
  });

  it("of a blob that no longer exists when its event is delivered: no request, no image", async () => {
    const test = world("unruly");
    await postEvents(test, ["ghost.json", "ghost.vhd"]);
    await test.putManifest("after-ghost.json", SNAPSHOT_MANIFEST);
    await expectOneImage(test, "after-ghost.json", "after-ghost");
    for (const name of ["ghost.json", "ghost.vhd"]) {
      expect(await test.statuses(name)).toEqual([]);
    }
    expect(listPuts(test, "ghost")).toEqual([]);
  });
});

describe.concurrent("without any event", () => {
  it("the sweep finds a manifest and its VHD", async () => {
    const test = world("deaf");
    await test.putManifest("unheard.json", ofBlob("unheard.vhd"));
    await test.putVhd("unheard.vhd");
    await expectOneImage(test, "unheard.json", "unheard");
    expect(countRuns(test, "unheard.json")).toBe(0);
    expect(test.log.join("\n")).toContain("Dropped the event of unheard.json");
  });

  it("the sweep finds a VHD without a manifest", async () => {
    const test = world("deaf");
    await test.putVhd("silent.vhd", { metadata });
    await expectOneImage(test, "silent.vhd", "silent");
    expect(countRuns(test, "silent.vhd")).toBe(0);
  });
});

describe.concurrent("Event Grid", () => {
  it("reports a VHD as soon as it is allocated: the PUT is sent after the last page", async () => {
    const test = world("events");
    const ended = await putVhdSlowly(test, "grid.vhd", metadata);
    await expectOneImage(test, "grid.vhd", "grid");
    expect(firstPutAt(test, "grid")).toBeGreaterThan(ended);
    expect(countRuns(test, "grid.vhd")).toBe(1);
  });

  it("delivers an event many times, before and after the end: one request", async ({ expect }) => {
    const test = world("events");
    await test.putManifest("many.json", SNAPSHOT_MANIFEST);
    await Promise.all(Array.from({ length: 5 }, () => postEvents(test, ["many.json"])));
    await expectOneImage(test, "many.json", "many");
    const runs = countRuns(test, "many.json");
    await postEvents(test, ["many.json"]);
    await expect
      .poll(() => countRuns(test, "many.json"), { timeout: 60_000 })
      .toBeGreaterThan(runs);
    await expectOneImage(test, "many.json", "many");
  });

  it("delivers the event of an upload that was replaced meanwhile: no third request", async () => {
    const test = world("events");
    await test.putManifest("late.json", SNAPSHOT_MANIFEST);
    const { etag: eTag } = await test.uploads.getBlobClient("late.json").getProperties();
    const { requestId: first } = await test.status("late.json");
    await test.putManifest("late.json", { ...SNAPSHOT_MANIFEST, tags: {} });
    const isNew = (id: string, state: string) => id !== first && state === "succeeded";
    await test.status("late.json", ({ requestId, state }) => isNew(requestId, state));
    await postEvents(test, ["late.json"], eTag);
    await test.putManifest("after-late.json", SNAPSHOT_MANIFEST);
    await expectOneImage(test, "after-late.json", "after-late");
    expect(await test.statuses("late.json")).toHaveLength(2);
    expect(listPuts(test, "late")).toHaveLength(1);
  });
});

it("a work message that outlives its lease is run again beside the first run: one image, requested once", async () => {
  const test = world("events");
  const queue = new WorkQueue(test);
  await test.fault({
    method: "PUT",
    path: "images/outlived",
    status: "timeout",
    when: "after",
    seconds: 5,
  });
  await test.putManifest("outlived.json", SNAPSHOT_MANIFEST);
  const { requestId } = await test.status("outlived.json", () => true);
  const isAsked = () => listPuts(test, "outlived").length;
  await expect.poll(isAsked, { timeout: 60_000 }).toBe(1);
  // The process is stopped in the middle of the PUT, so nobody renews the lease; another one gets
  // the message and dies with it.
  process.kill(test.world.hostPid, "SIGSTOP");
  try {
    await expect.poll(() => queue.snatch(requestId), { timeout: 60_000 }).toBe(true);
  } finally {
    process.kill(test.world.hostPid, "SIGCONT");
  }
  await expectOneImage(test, "outlived.json", "outlived");
  const isLost = (): boolean => test.log.some((line) => /Lease on \S+ lost/.test(line));
  await expect.poll(isLost, { timeout: 60_000 }).toBe(true);
});

// Not concurrent: it looks back on all of the above.
it("in the end there was one operation per image, and no message was poisoned", async () => {
  for (const test of started.values()) {
    const puts = test.exchanges().filter(({ startedOperation }) => startedOperation);
    const images = puts.map(({ url }) => new URL(url).pathname);
    expect(images).toEqual([...new Set(images)]);
    expect(images).not.toEqual([]);
    expect(test.log.filter((line) => line.includes("Moved message"))).toEqual([]);
  }
});

/** How often the app was notified of a blob. */
function countRuns(test: TestWorld, blob: string): number {
  const run = new RegExp(`Executing 'Functions\\.ingest' .*: uploads/${blob}'`);
  return test.log.filter((line) => run.test(line)).length;
}

/** When the image was requested first, in milliseconds since 1970. */
function firstPutAt(test: TestWorld, image: string): number {
  const [first] = listPuts(test, image);
  return Date.parse(first?.receivedAt ?? "");
}
