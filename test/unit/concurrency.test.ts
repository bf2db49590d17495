import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { advance } from "../../shared/flow/advance.ts";
import { ingest } from "../../shared/flow/ingest.ts";
import { createFakeApp, type FakeApp } from "../fakes/app.ts";

/**
 * Many messages processed at the same time, as several instances of the app do it: they share nothing
 * but storage, so it makes no difference which process a step runs in.
 */

/** Steps under way at once: the batches of two instances. */
const AT_ONCE = 48;

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Lets every call to the world take its time, so that steps overlap in ever other ways. */
function makeSlow(app: FakeApp, random: () => number): void {
  for (const port of [app.records, app.workQueue, app.statusQueue, app.images, app.blobs]) {
    const methods = port as unknown as Record<string, unknown>;
    for (const name of [
      "create",
      "get",
      "save",
      "getNote",
      "swapNote",
      "find",
      "list",
      "send",
      "publish",
      "getProperties",
      "read",
    ]) {
      const act = methods[name];
      if (typeof act !== "function") continue;
      methods[name] = async (...args: unknown[]) => {
        for (let ticks = Math.floor(random() * 4); ticks > 0; ticks--) await setImmediate();
        return act(...args);
      };
    }
  }
}

/** Works off all messages, many at once, some of them twice. */
async function workOff(app: FakeApp, random: () => number): Promise<void> {
  const { pending } = app.workQueue;
  while (pending.length > 0) {
    const first = app.workQueue.takeNext();
    if (first === undefined) return;
    app.clock.advanceTo(first.visibleAt);
    const due = pending.filter(({ visibleAt }) => visibleAt <= app.clock.now()).slice(0, AT_ONCE);
    pending.splice(0, pending.length, ...pending.filter((message) => !due.includes(message)));
    const batch = [first, ...due].flatMap((message) =>
      random() < 0.1 ? [message, message] : [message],
    );
    await Promise.all(batch.map(({ message }) => advance(message, app.context)));
  }
}

const manifest = (osBlob: string, dataBlob: string) =>
  JSON.stringify({
    properties: {
      storageProfile: {
        osDisk: { osType: "Linux", osState: "Generalized", blobUri: osBlob },
        dataDisks: [{ lun: 0, blobUri: dataBlob }],
      },
    },
  });

describe.each([
  { seed: 1, count: 500 },
  { seed: 2, count: 100 },
  { seed: 3, count: 100 },
])("with the interleaving of seed $seed", ({ seed, count }) => {
  it(`a burst of ${count} manifests that wait for few VHDs ends with as many images, each requested once`, async () => {
    const app = createFakeApp();
    const random = createRandom(seed);
    makeSlow(app, random);
    const names = Array.from({ length: count }, (_, index) => `web${index}.json`);
    for (const [index, name] of names.entries()) {
      app.blobs.putText(
        { container: "uploads", name },
        manifest(`os${index % 5}.vhd`, "shared.vhd"),
      );
    }
    const events = [...names, ...names.filter(() => random() < 0.2)].sort(() => random() - 0.5);
    await Promise.all(events.map((name) => ingest({ container: "uploads", name }, app.context)));
    for (let index = 0; index < 5; index++) await app.uploadVhd(`os${index}.vhd`);
    await app.uploadVhd("shared.vhd");
    await workOff(app, random);

    const requests = app.records.all().filter(({ kind }) => kind === "manifest");
    expect(requests).toHaveLength(count);
    expect(new Set(requests.map(({ state }) => state))).toEqual(new Set(["succeeded"]));
    expect(new Set(app.images.puts.map(({ id }) => id)).size).toBe(count);
    expect(app.images.puts).toHaveLength(count);
    const own = app.records.all().filter(({ kind }) => kind === "vhd");
    expect(new Set(own.map(({ state }) => state))).toEqual(new Set(["canceled"]));
  });
});
