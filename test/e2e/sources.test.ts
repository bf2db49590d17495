import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { putBodyOf, startTestWorld, type TestWorld } from "./world.ts";

const SUBSCRIPTION = "00000000-0000-4000-8000-000000000001";
const location = "West US";
const hyperVGeneration = "V1";

const compute = (type: string, name: string): { id: string } => ({
  id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/myResourceGroup/providers/Microsoft.Compute/${type}/${name}`,
});
const example = (name: string): string =>
  readFileSync(new URL(`../fixtures/reference/${name}.json`, import.meta.url), "utf8");
const windows = { osType: "Windows", osState: "Generalized" };
const managedOsDisk = { ...windows, managedDisk: compute("disks", "myManagedDisk1") };
const account = "https://mystorageaccount.blob.core.windows.net";
const body = (storageProfile: object, more: object = {}): object => ({
  location,
  ...more,
  properties: { storageProfile, hyperVGeneration },
});

let test: TestWorld;
beforeAll(async () => {
  test = await startTestWorld();
});
afterAll(() => test.close());

describe.concurrent("the reference's examples, uploaded verbatim", () => {
  it.each([
    ["blob", body({ osDisk: { ...windows, blobUri: `${account}/osimages/osimage.vhd` } })],
    ["snapshot", body({ osDisk: { ...windows, snapshot: compute("snapshots", "mySnapshot1") } })],
    ["managed-disk", body({ osDisk: managedOsDisk }, { tags: { key: "value" } })],
    [
      "virtual-machine",
      { location, properties: { sourceVirtualMachine: compute("virtualMachines", "myVM") } },
    ],
    [
      "data-disk-blob",
      body({
        osDisk: managedOsDisk,
        dataDisks: [{ lun: 1, blobUri: `${account}/dataimages/dataimage.vhd` }],
      }),
    ],
    [
      "data-disk-snapshot",
      body({
        osDisk: managedOsDisk,
        dataDisks: [{ lun: 1, snapshot: compute("snapshots", "mySnapshot1") }],
      }),
    ],
    [
      "data-disk-managed-disk",
      body({
        osDisk: managedOsDisk,
        dataDisks: [{ lun: 1, managedDisk: compute("disks", "myManagedDisk2") }],
      }),
    ],
  ])("%s becomes an image", async (name, expected) => {
    await test.putManifest(`${name}.json`, example(name));
    const status = await test.status(`${name}.json`);
    expect(status.error).toBeNull();
    expect(status).toMatchObject({
      state: "succeeded",
      image: { name, id: expect.stringMatching(`/images/${name}$`) },
    });
    expect(await putBodyOf(test, name)).toEqual(expected);
  });

  it("its broken response example is refused with line and column", async () => {
    await test.putManifest("response.json", example("response"));
    const status = await test.status("response.json");
    expect(status).toMatchObject({
      state: "failed",
      error: { code: "InvalidManifest", retryable: false },
    });
    expect(status.error?.details.map(({ message }) => message)).toContain(
      "line 23, column 9: a comma is missing before this",
    );
    expect(status.error?.details.length).toBeGreaterThan(4);
  });
});

it.concurrent("every option and every kind of data disk goes out in today's form", async () => {
  await test.putVhd("full-data.vhd", { sample: "data-ext4" });
  await test.simulator("resources", {
    type: "disk",
    name: "full-os",
    osType: "Linux",
    hyperVGeneration: "V2",
  });
  const set = compute("diskEncryptionSets", "mySet");
  await test.putManifest("full.json", {
    imageName: "full",
    location: "westus",
    tags: { department: "Development" },
    properties: {
      hyperVGeneration: "v2",
      storageProfile: {
        zoneResilient: true,
        osDisk: {
          osType: "linux",
          osState: "specialized",
          managedDisk: compute("disks", "full-os"),
          hostCaching: "readwrite",
          diskSizeInGB: 200,
          storageAccountType: "premium_lrs",
          diskEncryptionSet: set,
        },
        dataDisks: [
          { lun: "0", blobUri: "full-data.vhd", caching: "none" },
          { lun: 7, snapshot: compute("snapshots", "mySnapshot2") },
          { lun: 63, managedDisk: compute("disks", "myManagedDisk2"), diskSizeGB: 300 },
        ],
      },
    },
  });
  const status = await test.status("full.json");
  expect(status).toMatchObject({ state: "succeeded", error: null });
  expect(await putBodyOf(test, "full")).toEqual({
    location: "westus",
    tags: { department: "Development" },
    properties: {
      hyperVGeneration: "V2",
      storageProfile: {
        zoneResilient: true,
        osDisk: {
          osType: "Linux",
          osState: "Specialized",
          managedDisk: compute("disks", "full-os"),
          caching: "ReadWrite",
          diskSizeGB: 200,
          storageAccountType: "Premium_LRS",
          diskEncryptionSet: set,
        },
        dataDisks: [
          { lun: 0, blobUri: `${test.world.storage.blob}/uploads/full-data.vhd`, caching: "None" },
          { lun: 7, snapshot: compute("snapshots", "mySnapshot2") },
          { lun: 63, managedDisk: compute("disks", "myManagedDisk2"), diskSizeGB: 300 },
        ],
      },
    },
  });
});

describe.concurrent("a source that is not a blob", () => {
  const fromSnapshot = (name: string, more: object = {}): object => ({
    location: "westus",
    properties: {
      storageProfile: { osDisk: { ...windows, snapshot: compute("snapshots", name), ...more } },
    },
  });
  const puts = (image: string) =>
    test.exchanges().filter(({ url }) => url.includes(`/images/${image}?`));

  it("in another location ends the request before a PUT, with both locations", async () => {
    await test.simulator("resources", { type: "snapshot", name: "far", location: "East US" });
    await test.putManifest("far.json", fromSnapshot("far"));
    expect(await test.status("far.json")).toMatchObject({
      state: "failed",
      error: {
        code: "NotFound",
        message: expect.stringMatching(/'East US', but the image is to be created in 'westus'/),
        target: "properties.storageProfile.osDisk.snapshot",
      },
    });
    expect(puts("far")).toEqual([]);
  });

  it("provides the system and the generation that the manifest leaves open", async () => {
    await test.simulator("resources", {
      type: "snapshot",
      name: "telling",
      osType: "Linux",
      hyperVGeneration: "V2",
    });
    const osDisk = { osState: "Generalized", snapshot: compute("snapshots", "telling") };
    await test.putManifest("telling.json", { properties: { storageProfile: { osDisk } } });
    expect(await test.status("telling.json")).toMatchObject({ state: "succeeded" });
    expect(await putBodyOf(test, "telling")).toMatchObject({
      properties: { hyperVGeneration: "V2", storageProfile: { osDisk: { osType: "Linux" } } },
    });
  });

  it("that contradicts the manifest ends the request before a PUT", async () => {
    await test.simulator("resources", { type: "snapshot", name: "odd", osType: "Windows" });
    await test.putManifest("odd.json", fromSnapshot("odd", { osType: "Linux" }));
    expect(await test.status("odd.json")).toMatchObject({
      state: "failed",
      error: { code: "DiskMismatch", message: expect.stringMatching(/Windows.*Linux requested/) },
    });
    expect(puts("odd")).toEqual([]);
  });

  it("that the app may not read is a warning, and the service is asked", async () => {
    await test.simulator("resources", { type: "snapshot", name: "secret", osType: "Windows" });
    await test.fault({ method: "GET", path: "snapshots/secret", status: 403, count: 9 });
    await test.putManifest("secret.json", fromSnapshot("secret"));
    expect(await test.status("secret.json")).toMatchObject({
      state: "succeeded",
      warnings: [expect.stringContaining("Microsoft.Compute/snapshots/read")],
    });
  });

  it("is read again when the service throttles", async () => {
    await test.simulator("resources", { type: "snapshot", name: "busy", osType: "Windows" });
    await test.fault({ method: "GET", path: "snapshots/busy", status: 429, count: 2 });
    await test.putManifest("busy.json", fromSnapshot("busy"));
    expect(await test.status("busy.json")).toMatchObject({ state: "succeeded", error: null });
    const reads = test.exchanges("GET").filter(({ url }) => url.includes("/snapshots/busy?"));
    // The step may run a second time, and read again, when another event of the upload comes between.
    expect(reads.map(({ status }) => status).slice(0, 3)).toEqual([429, 429, 200]);
  });
});
