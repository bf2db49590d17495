import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Exchange } from "../../local/arm-simulator/control/exchanges.ts";
import type { StatusView } from "../../shared/http/status-view.ts";
import type { PlanView } from "../../shared/plan/plan-view.ts";
import { startTestWorld, type TestWorld } from "./world.ts";

const SUBSCRIPTION = "00000000-0000-4000-8000-000000000001";
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups`;
const GALLERY = `${GROUP}/images-rg/providers/Microsoft.Compute/galleries/shared`;
const os = { osType: "Linux", osState: "Generalized" };

const compute = (type: string, name: string): string =>
  `${GROUP}/myResourceGroup/providers/Microsoft.Compute/${type}/${name}`;
const osBlob = (blobUri: string) => ({ storageProfile: { osDisk: { ...os, blobUri } } });

let test: TestWorld;

/** Adds a definition to the gallery; generation 2 and nothing special unless said. */
const define = (name: string, more: object = {}) =>
  test.simulator("resources", {
    type: "galleryImage",
    gallery: "shared",
    resourceGroup: "images-rg",
    name,
    ...more,
  });

beforeAll(async () => {
  test = await startTestWorld({
    DEFAULT_GALLERY: `${SUBSCRIPTION}/images-rg/shared`,
    ALLOWED_GALLERIES: `${SUBSCRIPTION}/images-rg/shared`,
    ALLOWED_REGIONS: "*",
    ALLOWED_SOURCES: `/subscriptions/${SUBSCRIPTION},/communityGalleries/shared-1a2b`,
    ALLOW_DEFINITION_CREATE: "true",
    POLL_SECONDS: "0.3",
    RETRY_SECONDS: "0.3",
  });
  await define("ubuntu");
  await test.putVhd("os.vhd");
});
afterAll(() => test.close());

const versionOf = ({ outputs }: StatusView) =>
  outputs.find(({ kind }) => kind === "galleryVersion") as
    | (StatusView["outputs"][number] & Record<string, unknown>)
    | undefined;

/** Every PUT of a version of a definition, those that were accepted. */
function putsOf(definition: string): readonly Exchange[] {
  const path = `/galleries/shared/images/${definition}/versions/`.toLowerCase();
  return test
    .exchanges()
    .filter(
      ({ url, status }) =>
        new URL(url).pathname.toLowerCase().includes(path) && (status ?? 500) < 300,
    );
}

/** What the app would make of a manifest that was not uploaded. */
async function plan(name: string, manifest: object): Promise<PlanView> {
  const { url, key } = test.world.functions;
  const answer = await fetch(`${url}/api/plan?name=${name}`, {
    method: "POST",
    headers: { "x-functions-key": key, "content-type": "application/json" },
    body: JSON.stringify(manifest),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as PlanView;
}

/** A body as it is sent; the ids of its request, which a plan cannot know, left out. */
const withoutIds = (body: unknown): string =>
  JSON.stringify(body).replaceAll(/("vhd-to-image-(?:record|request)":)"[^"]+"/g, "$1");

async function publish(name: string, gallery: object, properties: object | undefined, more = {}) {
  await test.putManifest(name, { gallery, ...(properties && { properties }), ...more });
  return test.status(name);
}

describe.concurrent("an image version", () => {
  it("is published from a VHD in two regions, and its status has the progress of both", async () => {
    await define("regions");
    const manifest = {
      gallery: {
        definition: "regions",
        version: "1.4.auto",
        targetRegions: ["West US", { name: "northeurope", regionalReplicaCount: 2 }],
        tags: { team: "blue" },
      },
      properties: osBlob("os.vhd"),
    };
    const planned = await plan("regions.json", manifest);
    await test.putManifest("regions.json", manifest);
    const replicating = await test.status("regions.json", (status) =>
      ["replicating", "succeeded"].includes(String(versionOf(status)?.state)),
    );
    expect(versionOf(replicating)?.id).toBe(`${GALLERY}/images/regions/versions/1.4.0`);
    const status = await test.status("regions.json");
    expect(status.error).toBeNull();
    expect(versionOf(status)).toMatchObject({
      kind: "galleryVersion",
      state: "succeeded",
      id: `${GALLERY}/images/regions/versions/1.4.0`,
      version: "1.4.0",
      error: null,
      replication: {
        aggregatedState: "Completed",
        regions: [
          { region: "West US", state: "Completed", progress: 100, details: "" },
          { region: "North Europe", state: "Completed", progress: 100, details: "" },
        ],
      },
    });
    expect(status.events.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        "the image version is in West US",
        "the image version is in North Europe",
      ]),
    );
    const [put, ...others] = putsOf("regions");
    expect(others).toEqual([]);
    const [output] = planned.outputs;
    const [call, ...more] = output?.requests ?? [];
    expect(more).toEqual([]);
    expect(output).toMatchObject({
      kind: "galleryVersion",
      action: "create",
      id: versionOf(status)?.id,
      version: "1.4.0",
    });
    expect(call).toMatchObject({ method: "PUT", url: put?.url });
    expect(withoutIds(call?.body)).toBe(withoutIds(put?.body));
    const bytes = Buffer.byteLength(JSON.stringify(call?.body));
    expect(String(bytes)).toBe(put?.headers["content-length"]);
    expect(put?.body).toEqual({
      location: "westus",
      tags: {
        team: "blue",
        "vhd-to-image-record": status.requestId,
        "vhd-to-image-request": expect.any(String),
      },
      properties: {
        publishingProfile: {
          targetRegions: [{ name: "westus" }, { name: "northeurope", regionalReplicaCount: 2 }],
        },
        storageProfile: {
          osDiskImage: {
            source: {
              storageAccountId: expect.stringMatching(
                /\/providers\/Microsoft\.Storage\/storageAccounts\/[a-z0-9]+$/,
              ),
              uri: expect.stringMatching(/\/uploads\/os\.vhd$/),
            },
          },
        },
      },
    });
  });

  it("is published from a snapshot with data disks of every kind", async () => {
    await define("mixed");
    await test.simulator("resources", {
      type: "snapshot",
      name: "mixed-os",
      osType: "Linux",
      hyperVGeneration: "V2",
    });
    await test.putVhd("mixed-data.vhd", { sample: "data-ext4" });
    const status = await publish(
      "mixed.json",
      { definition: "mixed" },
      {
        storageProfile: {
          osDisk: { ...os, snapshot: { id: compute("snapshots", "mixed-os") }, caching: "None" },
          dataDisks: [
            { lun: 0, blobUri: "mixed-data.vhd" },
            { lun: 1, managedDisk: { id: compute("disks", "myManagedDisk2") } },
            { lun: 2, snapshot: { id: compute("snapshots", "mySnapshot1") } },
          ],
        },
      },
    );
    expect(status.error).toBeNull();
    const [put] = putsOf("mixed");
    expect(put?.body).toMatchObject({
      properties: {
        storageProfile: {
          osDiskImage: {
            hostCaching: "None",
            source: { id: compute("snapshots", "mixed-os") },
          },
          dataDiskImages: [
            { lun: 0, source: { uri: expect.stringContaining("mixed-data.vhd") } },
            { lun: 1, source: { id: compute("disks", "myManagedDisk2") } },
            { lun: 2, source: { id: compute("snapshots", "mySnapshot1") } },
          ],
        },
      },
    });
  });

  it("is published from a managed disk, a machine, a managed image, another version and a community image", async () => {
    await define("chain");
    await test.simulator("resources", {
      type: "disk",
      name: "chain-os",
      osType: "Linux",
      hyperVGeneration: "V2",
    });
    await test.simulator("resources", {
      type: "virtualMachine",
      name: "chain-vm",
      hyperVGeneration: "V2",
    });
    const fromDisk = await publish(
      "chain-disk.json",
      { definition: "chain", version: "1.0.0" },
      { storageProfile: { osDisk: { ...os, managedDisk: { id: compute("disks", "chain-os") } } } },
    );
    const fromMachine = await publish(
      "chain-vm.json",
      { definition: "chain", version: "2.0.0" },
      { sourceVirtualMachine: { id: compute("virtualMachines", "chain-vm") } },
    );
    const both = await publish(
      "chain-both.json",
      { definition: "chain", version: "3.0.0" },
      osBlob("os.vhd"),
      { managedImage: true, imageName: "chain-image" },
    );
    expect(both.outputs.map(({ kind, state }) => [kind, state])).toEqual([
      ["managedImage", "succeeded"],
      ["galleryVersion", "succeeded"],
    ]);
    const image = String(both.outputs[0]?.id);
    const fromImage = await publish(
      "chain-image.json",
      { definition: "chain", version: "4.0.0", source: { id: image } },
      undefined,
    );
    const version = `${GALLERY}/images/chain/versions/1.0.0`;
    const fromVersion = await publish(
      "chain-version.json",
      { definition: "chain", version: "5.0.0", source: { id: version } },
      undefined,
    );
    const community = "/CommunityGalleries/shared-1a2b/Images/chain/Versions/1.0.0";
    const fromCommunity = await publish(
      "chain-community.json",
      { definition: "chain", version: "6.0.0", source: { id: community } },
      undefined,
    );
    for (const status of [fromDisk, fromMachine, fromImage, fromVersion, fromCommunity]) {
      expect(status).toMatchObject({ state: "succeeded", error: null, image: null });
    }
    const profiles = putsOf("chain").map(
      ({ body }) => (body as { properties: { storageProfile: object } }).properties.storageProfile,
    );
    expect(profiles).toEqual([
      { osDiskImage: { source: { id: compute("disks", "chain-os") } } },
      { source: { virtualMachineId: compute("virtualMachines", "chain-vm") } },
      { osDiskImage: { source: expect.objectContaining({ uri: expect.any(String) }) } },
      { source: { id: image } },
      { source: { id: version } },
      { source: { communityGalleryImageId: community } },
    ]);
  });

  it("gets the next number, also when several are published at the same time", async () => {
    await define("numbers");
    const names = Array.from({ length: 6 }, (_, index) => `numbers${index}.json`);
    for (const name of names) {
      const gallery = { definition: "numbers", version: "auto" };
      await test.putManifest(name, { gallery, properties: osBlob("os.vhd") });
    }
    const statuses = await Promise.all(names.map((name) => test.status(name)));
    expect(new Set(statuses.map(({ state }) => state))).toEqual(new Set(["succeeded"]));
    const numbers = statuses.map((status) => versionOf(status)?.version).sort();
    expect(numbers).toEqual(["1.0.0", "1.0.1", "1.0.2", "1.0.3", "1.0.4", "1.0.5"]);
  });

  it("is described by the metadata of a disk", async () => {
    await define("metadata");
    await test.putVhd("meta.vhd", {
      metadata: { gallerydefinition: "metadata", galleryversion: "7.auto", osstate: "generalized" },
    });
    const status = await test.status("meta.vhd");
    expect(status.error).toBeNull();
    expect(versionOf(status)?.version).toBe("7.0.0");
    expect(status.image).toBeNull();
  });

  it("creates its definition where it is missing, with generation and SecurityType", async () => {
    const createDefinition = { publisher: "contoso", offer: "server", sku: "24" };
    const status = await publish(
      "defined.json",
      { definition: "defined", createDefinition },
      osBlob("os.vhd"),
    );
    expect(status.error).toBeNull();
    const puts = test
      .exchanges()
      .filter(({ url }) => new URL(url).pathname.endsWith("/images/defined"));
    expect(puts.map(({ body }) => body)).toEqual([
      {
        location: "westus",
        properties: {
          identifier: createDefinition,
          osType: "Linux",
          osState: "Generalized",
          hyperVGeneration: "V2",
          architecture: "x64",
          features: [{ name: "SecurityType", value: "Standard" }],
        },
      },
    ]);
  });

  it("that does not get to a region ends as failed with its id, and names the region", async () => {
    await define("late");
    await test.fault({
      region: "northeurope",
      path: "/images/late/",
      replication: "Failed",
      details: "out of capacity",
      count: 1,
    });
    const status = await publish(
      "late.json",
      { definition: "late", targetRegions: ["westus", "northeurope"] },
      osBlob("os.vhd"),
    );
    expect(status.error).toMatchObject({
      code: "ReplicationFailed",
      message: expect.stringContaining("its replication failed in North Europe"),
    });
    expect(versionOf(status)).toMatchObject({
      state: "failed",
      id: `${GALLERY}/images/late/versions/1.0.0`,
    });
    expect(putsOf("late")).toHaveLength(1);
  });

  it("whose operation fails for a passing reason is put again under its number", async () => {
    await define("again");
    await test.fault({
      path: "/images/again/",
      operation: "Failed",
      error: { code: "InternalOperationError", message: "try later" },
      count: 1,
    });
    const status = await publish("again.json", { definition: "again" }, osBlob("os.vhd"));
    expect(status.error).toBeNull();
    expect(versionOf(status)?.version).toBe("1.0.0");
    expect(putsOf("again")).toHaveLength(2);
  });

  it.each([
    {
      name: "windows",
      definition: { osType: "Windows" },
      code: "DefinitionMismatch",
      message: "The request has the osType Linux, but the definition",
    },
    {
      name: "gen1",
      definition: { hyperVGeneration: "V1" },
      code: "DefinitionMismatch",
      message: "os.vhd has the hyperVGeneration V2, but the definition",
    },
    {
      name: "trusted",
      definition: { securityType: "TrustedLaunch" },
      code: "DefinitionMismatch",
      message: "under which a VHD cannot be published",
    },
  ])("is refused before the PUT when $name contradicts the disk", async (row) => {
    await define(row.name, row.definition);
    const status = await publish(`${row.name}.json`, { definition: row.name }, osBlob("os.vhd"));
    expect(status.error).toMatchObject({
      code: row.code,
      message: expect.stringContaining(row.message),
    });
    expect(putsOf(row.name)).toEqual([]);
  });

  it("is refused outside of the allowed galleries", async () => {
    const gallery = { name: "other", definition: "ubuntu" };
    const status = await publish("denied.json", gallery, osBlob("os.vhd"));
    expect(status.error).toMatchObject({
      code: "NotAllowed",
      message: expect.stringContaining("ALLOWED_GALLERIES does not list it"),
    });
  });
});
