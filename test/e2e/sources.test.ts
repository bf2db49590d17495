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

describe.concurrent("the reference's examples, uploaded as they stand there", () => {
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
          managedDisk: compute("disks", "myManagedDisk1"),
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
          managedDisk: compute("disks", "myManagedDisk1"),
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
  expect(status.error).toMatchObject({ code: "InvalidParameter" });
});
