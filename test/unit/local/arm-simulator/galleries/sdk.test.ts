import { readFileSync } from "node:fs";
import { ComputeManagementClient } from "@azure/arm-compute";
import { afterEach, beforeEach, expect, test } from "vitest";
import { seedPath, startTestSimulator, subscriptionId, type TestSimulator } from "../simulator.ts";

let simulator: TestSimulator;
let client: ComputeManagementClient;

const quick = { updateIntervalInMs: 1 };

beforeEach(async () => {
  simulator = await startTestSimulator();
  const token = { token: "t", expiresOnTimestamp: Date.now() + 3_600_000 };
  client = new ComputeManagementClient({ getToken: async () => token }, subscriptionId, {
    endpoint: simulator.url,
    tlsOptions: { ca: readFileSync(simulator.caFile, "utf8") },
  });
});

afterEach(() => simulator.close());

test("the SDK makes a gallery, a definition and a version, follows the replication, and deletes", async () => {
  await simulator.control("settings", { deleteRetryAfter: 0 });
  const location = "westus";
  await client.galleries.createOrUpdate("images-rg", "images", { location }, quick);
  const definition = {
    location,
    osType: "Windows" as const,
    osState: "Generalized" as const,
    hyperVGeneration: "V1",
    identifier: { publisher: "p", offer: "o", sku: "s" },
  };
  await client.galleryImages.createOrUpdate("images-rg", "images", "win", definition, quick);
  const made = await client.galleryImageVersions.createOrUpdate(
    "images-rg",
    "images",
    "win",
    "1.0.0",
    {
      location,
      publishingProfile: { targetRegions: [{ name: location }, { name: "northeurope" }] },
      storageProfile: { osDiskImage: { source: { id: `${seedPath}/snapshots/mySnapshot1` } } },
    },
    quick,
  );
  expect([made.provisioningState, made.storageProfile?.osDiskImage?.sizeInGB]).toEqual([
    "Succeeded",
    10,
  ]);
  const options = { expand: "ReplicationStatus" };
  const read = await client.galleryImageVersions.get(
    "images-rg",
    "images",
    "win",
    "1.0.0",
    options,
  );
  expect(read.replicationStatus?.summary?.map(({ region, state }) => [region, state])).toEqual([
    ["West US", "Completed"],
    ["North Europe", "Completed"],
  ]);
  await client.galleryImageVersions.delete("images-rg", "images", "win", "1.0.0", quick);
  const left = client.galleryImageVersions.listByGalleryImage("images-rg", "images", "win");
  expect(await left.next()).toMatchObject({ done: true });
});
