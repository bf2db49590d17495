import { afterAll, beforeAll, expect, it } from "vitest";
import { SNAPSHOT_MANIFEST } from "./manifests.ts";
import { putBodyOf, startTestWorld, type TestWorld } from "./world.ts";

const SUBSCRIPTION = "00000000-0000-4000-8000-000000000001";
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups`;
const SNAPSHOT = `${GROUP}/myResourceGroup/providers/Microsoft.Compute/snapshots/published`;

let test: TestWorld;
beforeAll(async () => {
  test = await startTestWorld({
    DEFAULT_GALLERY: `${SUBSCRIPTION}/images-rg/shared`,
    ALLOWED_GALLERIES: `${SUBSCRIPTION}/images-rg/shared`,
    ALLOWED_REGIONS: "*",
    POLL_SECONDS: "3",
    OVERDUE_SECONDS: "5",
    SWEEP_SCHEDULE: "*/3 * * * * *",
    FUNCTIONS_HOST_QUEUE_LEASE_SECONDS: "5",
  });
});
afterAll(() => test.close());

it("a process killed between the PUT and the first poll: the next one finishes, with one PUT", async () => {
  await test.putManifest("killed.json", SNAPSHOT_MANIFEST);
  await test.status("killed.json", ({ state }) => state === "creating");
  const polls = test.exchanges("GET");
  expect(polls.filter(({ url }) => url.includes("/operations/"))).toEqual([]);
  await test.world.killHost();
  await test.world.restartHost();
  expect(await test.status("killed.json")).toMatchObject({
    state: "succeeded",
    image: { id: expect.stringMatching(/\/images\/killed$/) },
  });
  await expect(putBodyOf(test, "killed")).resolves.toBeTruthy();
});

it("a process killed in the middle of the PUT: the sweep sends for the step again, with one image", async () => {
  await test.fault({ method: "PUT", path: "images/midway", status: "timeout", when: "after" });
  await test.putManifest("midway.json", SNAPSHOT_MANIFEST);
  await expect
    .poll(() => test.exchanges().some(({ url }) => url.includes("/images/midway?")), {
      timeout: 60_000,
    })
    .toBe(true);
  await test.world.killHost();
  await test.world.restartHost();
  expect((await test.status("midway.json")).state).toBe("succeeded");
  await expect(putBodyOf(test, "midway")).resolves.toBeTruthy();
});

it("an upload while the app is down is found when it is up again", async () => {
  await test.world.killHost();
  await test.putManifest("down.json", SNAPSHOT_MANIFEST);
  await test.world.restartHost();
  expect((await test.status("down.json")).state).toBe("succeeded");
});

it("a process killed before, in and after the PUT of an image version: one PUT each, of the number that was claimed", async () => {
  const definitions = ["before", "midway", "after"];
  for (const name of definitions) {
    const order = { type: "galleryImage", gallery: "shared", resourceGroup: "images-rg", name };
    await test.simulator("resources", order);
  }
  const facts = { osType: "Linux", hyperVGeneration: "V2" };
  await test.simulator("resources", { type: "snapshot", name: "published", ...facts });
  // The number is claimed, and the process does not get to its PUT, however often it sends this GET.
  const before = "/images/before/versions/1.4.0";
  const silent = { method: "GET", status: "timeout", when: "before", count: 100 };
  await test.fault({ path: before, ...silent });
  // The PUT is accepted, and the process does not get to save that.
  const midway = "/images/midway/versions/1.4.0";
  await test.fault({ method: "PUT", path: midway, status: "timeout", when: "after" });
  // One region has the version, and another takes its time.
  const after = "/images/after/";
  await test.fault({ region: "northeurope", path: after, replication: "Slow", looks: 4 });
  const publish = (definition: string) =>
    test.putManifest(`${definition}.json`, {
      gallery: { definition, version: "1.4.auto", targetRegions: ["westus", "northeurope"] },
      properties: {
        storageProfile: {
          osDisk: { osType: "Linux", osState: "Generalized", snapshot: { id: SNAPSHOT } },
        },
      },
    });
  const isSent = (method: string, path: string): boolean =>
    test.exchanges(method).some(({ url }) => new URL(url).pathname.endsWith(path));
  await Promise.all(["midway", "after"].map(publish));
  await expect.poll(() => isSent("PUT", midway), { timeout: 60_000 }).toBe(true);
  await test.status("after.json", ({ outputs }) => outputs[0]?.state === "replicating");
  await publish("before");
  await expect.poll(() => isSent("GET", before), { timeout: 60_000 }).toBe(true);
  await test.world.killHost();
  expect(isSent("PUT", before)).toBe(false);
  await test.clearFaults();
  await test.world.restartHost();
  for (const definition of definitions) {
    expect(await test.status(`${definition}.json`)).toMatchObject({
      state: "succeeded",
      outputs: [
        {
          version: "1.4.0",
          state: "succeeded",
          replication: { regions: [{ state: "Completed" }, { state: "Completed" }] },
        },
      ],
    });
    const puts = test
      .exchanges()
      .filter(({ url }) => url.includes(`/images/${definition}/versions/`));
    expect(puts.map(({ url }) => new URL(url).pathname.split("/").at(-1))).toEqual(["1.4.0"]);
  }
});
