import { describe, expect, it } from "vitest";
import type { FoundVersion, RegionProgress } from "../../../../../shared/gallery-ports.ts";
import { versionId } from "../../../../../shared/image/gallery-request.ts";
import { createFakeApp, type FakeApp } from "../../../../fakes/app.ts";
import { serviceError } from "../../../../fakes/image-service.ts";

const place = { name: "images", definition: "ubuntu", resourceGroup: "galleries-rg" };
const ID = versionId({ subscriptionId: "11111111-1111-4111-8111-111111111111", ...place }, "1.0.0");
const passing = serviceError({
  status: 200,
  code: "ValidationError",
  message: "Gallery replication jobs failed.",
}).parts;

const region = (name: string, state: string): RegionProgress => ({
  region: name,
  state,
  progress: state === "Completed" ? 100 : 40,
  details: "",
});

/** Publishes a version; from its PUT on Azure shows it like this. */
async function publish(shown: Partial<FoundVersion>, app: FakeApp = createApp()) {
  await app.uploadVhd("os.vhd");
  await app.uploadManifest("web.json", {
    gallery: { ...place, targetRegions: ["westeurope", "northeurope"] },
    properties: {
      storageProfile: { osDisk: { osType: "Linux", osState: "Generalized", blobUri: "os.vhd" } },
    },
  });
  const { findVersion } = app.galleries;
  app.galleries.findVersion = async (gallery, version) => {
    const found = await findVersion(gallery, version);
    return found && { ...found, ...shown };
  };
  await app.run();
  return { app, record: app.recordOf("web.json") };
}

function createApp(): FakeApp {
  return createFakeApp({ policy: { galleries: ["*/*/*"], regions: ["*"] } });
}

const replication = (...regions: RegionProgress[]) => ({ aggregatedState: "InProgress", regions });

describe("a version whose operation has failed", () => {
  it.each([
    { name: "the other is under way", other: "Replicating", code: "ValidationError" },
    { name: "the other has it too", other: "Completed", code: "ValidationError" },
    { name: "the other has failed", other: "Failed", code: "ReplicationFailed" },
  ])("is kept when a region has it: $name", async ({ other, code }) => {
    const app = createApp();
    app.galleries.nextPolls.push({ status: "failed", error: passing });
    const regions = replication(region("West Europe", "Completed"), region("North Europe", other));
    const { record } = await publish({ state: "failed", replication: regions }, app);
    expect(record.error).toMatchObject({ code });
    expect(record.outputs[0]).toMatchObject({ state: "failed", id: ID });
    expect(app.galleries.deletes).toEqual([]);
    expect(app.galleries.puts).toHaveLength(1);
  });

  it("without a word of its operation is kept too when a region has it", async () => {
    const app = createApp();
    app.galleries.nextPolls.push({ status: "gone" });
    const regions = replication(region("West Europe", "Completed"));
    const { record } = await publish({ state: "failed", replication: regions }, app);
    expect(record.error).toMatchObject({ code: "ProvisioningFailed", target: ID });
    expect(app.galleries.deletes).toEqual([]);
  });

  it("is gone with it: it is requested again, without a DELETE", async () => {
    const app = createApp();
    app.galleries.nextPolls.push({ status: "failed", error: passing });
    const { createVersion } = app.galleries;
    app.galleries.createVersion = async (...given) => {
      const answer = await createVersion(...given);
      if (app.galleries.puts.length === 1) app.galleries.versions.clear();
      return answer;
    };
    const { record } = await publish({}, app);
    expect(record.state).toBe("succeeded");
    expect(app.galleries.puts.map(({ id }) => id)).toEqual([ID, ID]);
    expect(app.galleries.deletes).toEqual([]);
  });
});

describe("a version that is being followed", () => {
  it("ends the request as canceled when Azure shows it so", async () => {
    const app = createApp();
    app.galleries.nextPolls.push({ status: "gone" });
    const { record } = await publish({ state: "canceled" }, app);
    expect(record.state).toBe("canceled");
  });

  it("keeps what a region has reached, whatever a later answer says", async () => {
    const app = createApp();
    const looks = [60, 20, 100];
    const { findVersion } = app.galleries;
    app.galleries.findVersion = async (gallery, version) => {
      const found = await findVersion(gallery, version);
      const progress = looks.length > 1 ? looks.shift() : looks[0];
      const state = progress === 100 ? "Completed" : "Replicating";
      const shown = { region: "West Europe", state, progress: progress ?? 0, details: "" };
      return found && { ...found, replication: replication(shown) };
    };
    const { record } = await publish({}, app);
    const seen = app.statusQueue.published.length;
    expect(record.state).toBe("succeeded");
    expect(seen).toBeGreaterThan(0);
    expect(record.outputs[0]?.progress.replication).toMatchObject({ regions: [{ progress: 100 }] });
  });

  it("that somebody replaces meanwhile is not ours any more", async () => {
    const { record } = await publish({ tags: { "vhd-to-image-record": "another" } });
    expect(record.error).toMatchObject({ code: "VersionVanished", target: ID });
  });

  it("is polled less often after a quarter of an hour", async () => {
    const app = createApp();
    app.galleries.nextPolls.push(
      ...Array(400).fill({ status: "running", retryAfterSeconds: null }),
    );
    const times: number[] = [];
    const { poll } = app.galleries;
    app.galleries.poll = async (...given) => {
      times.push(app.clock.now().getTime() / 1000);
      return poll(...given);
    };
    await publish({ state: "working" }, app);
    const start = times[0] ?? 0;
    const gaps = times.slice(1).map((time, index) => ({
      at: time - start,
      gap: time - (times[index] ?? 0),
    }));
    const early = gaps.filter(({ at }) => at < 14 * 60).map(({ gap }) => gap);
    const late = gaps.filter(({ at }) => at > 22 * 60).map(({ gap }) => gap);
    expect(Math.max(...early)).toBeLessThanOrEqual(60);
    expect(new Set(late)).toEqual(new Set([300]));
  });
});
