import { afterAll, beforeAll, expect, it } from "vitest";
import { SNAPSHOT_MANIFEST } from "./manifests.ts";
import { putBodyOf, startTestWorld, type TestWorld } from "./world.ts";

let test: TestWorld;
beforeAll(async () => {
  test = await startTestWorld({
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
  const polls = await test.exchanges("GET");
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
    .poll(async () => (await test.exchanges()).some(({ url }) => url.includes("/images/midway?")), {
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
