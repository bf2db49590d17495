import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { advance } from "../../../../../shared/flow/advance.ts";
import { ingest } from "../../../../../shared/flow/ingest.ts";
import { parseVersionNumber } from "../../../../../shared/image/version-number.ts";
import { createFakeApp, type FakeApp } from "../../../../fakes/app.ts";
import { CrashError } from "../../../../fakes/crash-points.ts";

/**
 * Many requests for a number of one definition at the same time, on instances of the app that share
 * nothing but storage, and of which some die at any effect on the outside.
 */

const REQUESTS = 200;
/** Steps under way at once. */
const AT_ONCE = 48;
/** The host hides the message of a dead process for so long, in seconds. */
const LEASE_SECONDS = 600;

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

const EFFECTS = {
  records: ["save", "swapNote", "claimVersion", "findHighestClaim", "getClaimedVersion"],
  workQueue: ["send"],
  galleries: ["createVersion", "findVersion", "listVersions"],
} as const;

/** Lets calls take their time, and some of them kill their process before or after they have worked. */
function makeUnreliable(app: FakeApp, random: () => number, deaths: number): { left: number } {
  const budget = { left: deaths };
  const mayDie = (): void => {
    if (budget.left === 0 || random() > 0.02) return;
    budget.left -= 1;
    throw new CrashError("here");
  };
  for (const [port, methods] of Object.entries(EFFECTS)) {
    const target = app[port as keyof typeof EFFECTS] as unknown as Record<
      string,
      (...args: unknown[]) => Promise<unknown>
    >;
    for (const method of methods) {
      const act = target[method];
      if (act === undefined) continue;
      target[method] = async (...args) => {
        for (let ticks = Math.floor(random() * 4); ticks > 0; ticks--) await setImmediate();
        mayDie();
        const result = await act(...args);
        mayDie();
        return result;
      };
    }
  }
  return budget;
}

async function workOff(app: FakeApp): Promise<void> {
  const { pending } = app.workQueue;
  while (pending.length > 0) {
    const first = app.workQueue.takeNext();
    if (first === undefined) return;
    app.clock.advanceTo(first.visibleAt);
    const due = pending.filter(({ visibleAt }) => visibleAt <= app.clock.now()).slice(0, AT_ONCE);
    pending.splice(0, pending.length, ...pending.filter((message) => !due.includes(message)));
    const takeOne = async (message: (typeof due)[number]): Promise<void> => {
      try {
        await advance(message.message, app.context);
      } catch (error) {
        if (!(error instanceof CrashError)) throw error;
        const visibleAt = new Date(app.clock.now().getTime() + LEASE_SECONDS * 1000);
        pending.push({ message: message.message, visibleAt });
      }
    };
    await Promise.all([first, ...due].map(takeOne));
  }
}

async function publishMany(app: FakeApp, version: (index: number) => string): Promise<void> {
  await app.uploadVhd("os.vhd");
  const names = Array.from({ length: REQUESTS }, (_, index) => `web${index}.json`);
  for (const [index, name] of names.entries()) {
    const manifest = {
      gallery: {
        name: "images",
        definition: "ubuntu",
        resourceGroup: "galleries-rg",
        version: version(index),
      },
      properties: {
        storageProfile: {
          osDisk: { osType: "Linux", osState: "Generalized", blobUri: "os.vhd" },
        },
      },
    };
    app.blobs.putText({ container: "uploads", name }, JSON.stringify(manifest));
    await ingest({ container: "uploads", name }, app.context);
  }
}

/** Numbers of the versions that were PUT, and of the claims, with who has them. */
function audit(app: FakeApp) {
  const requests = app.records.all().filter(({ kind }) => kind === "manifest");
  const published = app.galleries.puts.map(({ id, body }) => ({
    number: id.slice(id.lastIndexOf("/") + 1),
    owner: (body.tags as Record<string, string>)["vhd-to-image-record"],
  }));
  const claims = app.records.versionClaims().map((claim) => ({
    number: claim.version.join("."),
    owner: claim.requestId,
  }));
  return { requests, published, claims };
}

const byNumber = (left: string, right: string): number =>
  (parseVersionNumber(left)?.[2] ?? 0) - (parseVersionNumber(right)?.[2] ?? 0);

describe.each([1, 2])("with the interleaving and the deaths of seed %i", (seed) => {
  it("200 requests for 'auto' get 200 numbers: none twice, none left out", async () => {
    const app = createFakeApp({ policy: { galleries: ["*/*/*"] } });
    const random = createRandom(seed);
    await publishMany(app, () => "auto");
    const budget = makeUnreliable(app, random, 60);
    await workOff(app);
    expect(budget.left).toBe(0);

    const { requests, published, claims } = audit(app);
    expect(new Set(requests.map(({ state }) => state))).toEqual(new Set(["succeeded"]));
    expect(published).toHaveLength(REQUESTS);
    const numbers = published.map(({ number }) => number).sort(byNumber);
    expect(numbers).toEqual(Array.from({ length: REQUESTS }, (_, index) => `1.0.${index}`));
    expect(new Set(published.map(({ owner }) => owner)).size).toBe(REQUESTS);
    // Who has a number has claimed it.
    const owners = new Map(claims.map(({ number, owner }) => [number, owner]));
    expect(published.filter(({ number, owner }) => owners.get(number) !== owner)).toEqual([]);
  });

  it("a gap names the request that left it", async () => {
    const app = createFakeApp({ policy: { galleries: ["*/*/*"] } });
    const random = createRandom(seed);
    await publishMany(app, (index) => (index % 2 === 0 ? "2.0.auto" : "2.auto"));
    makeUnreliable(app, random, 60);
    // Somebody else publishes under the app's nose now and then.
    app.galleries.nextPuts.push("accept", "rival", "accept", "accept", "rival");
    await workOff(app);

    const { requests, published, claims } = audit(app);
    expect(new Set(requests.map(({ state }) => state))).toEqual(new Set(["succeeded"]));
    expect(new Set(published.map(({ number }) => number)).size).toBe(published.length);
    expect(published).toHaveLength(REQUESTS);
    const ids = requests.map(({ requestId }) => requestId);
    const used = new Set(published.map(({ number }) => number));
    const gaps = claims.filter(({ number }) => !used.has(number));
    expect(gaps).toHaveLength(2);
    expect(gaps.every(({ owner }) => ids.includes(owner))).toBe(true);
    // What others published has not been touched.
    const foreign = [...app.galleries.versions].filter(
      ([, { body }]) => Object.keys(Object(body.tags)).length === 0,
    );
    expect(foreign).toHaveLength(2);
  });
});
