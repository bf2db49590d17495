import { describe, expect, it } from "vitest";
import { versionId } from "../../../../../shared/image/gallery-request.ts";
import { createFakeApp, type FakeApp } from "../../../../fakes/app.ts";
import { accountId, makeDefinition } from "../../../../fakes/gallery-service.ts";
import { serviceError } from "../../../../fakes/image-service.ts";

const SUBSCRIPTION = "11111111-1111-4111-8111-111111111111";
const place = { name: "images", definition: "ubuntu", resourceGroup: "galleries-rg" };
const idOf = (version: string): string =>
  versionId({ subscriptionId: SUBSCRIPTION, ...place }, version);
const DEFINITION = idOf("").replace(/\/versions\/$/, "");
const osDisk = { osType: "Linux", osState: "Generalized", blobUri: "os.vhd" };

function createApp(policy = {}): FakeApp {
  return createFakeApp({ policy: { galleries: ["*/*/*"], regions: ["*"], ...policy } });
}

/** Publishes a version from a VHD; what its request came to. */
async function publish(app: FakeApp, gallery: object = {}, top: object = {}) {
  await app.uploadVhd("os.vhd");
  await app.uploadManifest("web.json", {
    gallery: { ...place, ...gallery },
    properties: { storageProfile: { osDisk } },
    ...top,
  });
  await app.run();
  return app.recordOf("web.json");
}

const outputOf = (app: FakeApp) =>
  app.recordOf("web.json").outputs.find(({ kind }) => kind === "galleryVersion");

describe("an image version from a VHD", () => {
  it("is requested by one PUT with the whole body, and ends with every region", async () => {
    const app = createApp();
    const record = await publish(app, {
      version: "1.4.auto",
      targetRegions: ["West Europe", { name: "northeurope", regionalReplicaCount: 3 }],
      storageAccountType: "standard_zrs",
      endOfLifeDate: "2999-01-31",
      safetyProfile: { blockDeletionBeforeEndOfLife: true },
      tags: { team: "blue" },
    });
    expect(record.error).toBeNull();
    expect(record).toMatchObject({ state: "succeeded", image: null });
    expect(app.galleries.puts).toEqual([
      {
        id: idOf("1.4.0"),
        body: {
          location: "westeurope",
          tags: {
            team: "blue",
            "vhd-to-image-record": record.requestId,
            "vhd-to-image-request": expect.stringMatching(/^[a-z2-7]{52}$/),
          },
          properties: {
            publishingProfile: {
              targetRegions: [
                { name: "westeurope" },
                { name: "northeurope", regionalReplicaCount: 3 },
              ],
              storageAccountType: "Standard_ZRS",
              endOfLifeDate: "2999-01-31T00:00:00.000Z",
            },
            storageProfile: {
              osDiskImage: {
                source: {
                  storageAccountId: accountId("own"),
                  uri: "https://own.blob.core.windows.net/uploads/os.vhd",
                },
              },
            },
            safetyProfile: { blockDeletionBeforeEndOfLife: true },
          },
        },
      },
    ]);
    expect(outputOf(app)).toMatchObject({
      state: "succeeded",
      id: idOf("1.4.0"),
      progress: {
        version: "1.4.0",
        replication: {
          aggregatedState: "Completed",
          regions: [
            { region: "westeurope", state: "Completed", progress: 100, details: "" },
            { region: "northeurope", state: "Completed", progress: 100, details: "" },
          ],
        },
      },
    });
    expect(app.images.puts).toEqual([]);
  });

  it("has an event for every region, of a type of its own, and no other within a state", async () => {
    const app = createApp();
    await publish(app, { targetRegions: ["westeurope", "northeurope"] });
    const types = app.statusQueue.published.map(({ type, data }) => [
      type.split(".").at(-1),
      (data as { state: string }).state,
    ]);
    expect(types.filter(([type]) => type === "region-changed")).toEqual([
      ["region-changed", "creating"],
      ["region-changed", "creating"],
    ]);
    expect(app.recordOf("web.json").events.map(({ message }) => message)).toContain(
      "the image version is in northeurope",
    );
    const end = app.statusQueue.published.at(-1)?.data;
    expect(end).toMatchObject({ state: "succeeded", previousState: "creating" });
  });

  it("keeps its id when a region fails, and names the region", async () => {
    const app = createApp();
    app.galleries.nextFailing = ["northeurope"];
    const record = await publish(app, { targetRegions: ["westeurope", "northeurope"] });
    expect(record.error).toMatchObject({
      code: "ReplicationFailed",
      message: `The image version ${idOf("1.0.0")} was created, but its replication failed in northeurope.`,
      fix: expect.stringContaining("--target-regions westeurope'"),
      target: idOf("1.0.0"),
      details: [{ message: "northeurope: there is no capacity", target: "northeurope" }],
    });
    expect(outputOf(app)).toMatchObject({ state: "failed", id: idOf("1.0.0") });
  });
});

describe("both outputs", () => {
  it("are made from the same disk, each with its own state", async () => {
    const app = createApp();
    const record = await publish(app, {}, { managedImage: true });
    expect(record.state).toBe("succeeded");
    expect(record.outputs.map(({ kind, state }) => [kind, state])).toEqual([
      ["managedImage", "succeeded"],
      ["galleryVersion", "succeeded"],
    ]);
    expect([app.images.puts.length, app.galleries.puts.length]).toEqual([1, 1]);
  });

  it.each([
    { fails: "managedImage", other: "galleryVersion" },
    { fails: "galleryVersion", other: "managedImage" },
  ])("end independently: $fails fails, $other does not", async ({ fails, other }) => {
    const app = createApp();
    const refusal = serviceError({ status: 400, code: "InvalidParameter", message: "no" });
    if (fails === "managedImage") app.images.nextPuts.push(refusal);
    else app.galleries.nextPuts.push(refusal);
    const record = await publish(app, {}, { managedImage: true });
    expect(record).toMatchObject({ state: "failed", error: { code: "InvalidParameter" } });
    const states = Object.fromEntries(record.outputs.map(({ kind, state }) => [kind, state]));
    expect(states).toEqual({ [fails]: "failed", [other]: "succeeded" });
  });
});

describe("a definition", () => {
  it.each([
    {
      facts: { osType: "Windows" },
      message: "The request has the osType Linux, but the definition",
    },
    { facts: { osState: "Specialized" }, message: "The request has the osState Generalized, but" },
    {
      facts: { securityType: "TrustedLaunch" },
      message:
        "The definition has the SecurityType TrustedLaunch, under which a VHD cannot be published",
    },
  ])("that contradicts the disk is reported before the PUT: $facts", async ({ facts, message }) => {
    const app = createApp();
    app.galleries.definitions.set(
      DEFINITION.toLowerCase(),
      makeDefinition({ id: DEFINITION, ...facts }),
    );
    const record = await publish(app);
    expect(record.error).toMatchObject({
      code: "DefinitionMismatch",
      message: expect.stringContaining(message),
    });
    expect(app.galleries.puts).toEqual([]);
    expect(app.records.versionClaims()).toEqual([]);
  });

  it("that does not exist ends the request with the command that creates it", async () => {
    const app = createApp();
    app.galleries.definitions.clear();
    const record = await publish(app);
    expect(record.error).toMatchObject({
      code: "DefinitionNotFound",
      fix: expect.stringContaining("az sig image-definition create --subscription"),
    });
  });

  const createDefinition = { publisher: "p", offer: "o", sku: "s" };

  it("is created only where the operator allows it", async () => {
    const app = createApp();
    app.galleries.definitions.clear();
    const record = await publish(app, { createDefinition });
    expect(record.error).toMatchObject({
      code: "NotAllowed",
      message: expect.stringContaining("ALLOW_DEFINITION_CREATE"),
    });
    expect(app.galleries.definitionPuts).toEqual([]);
  });

  it("is created with generation and SecurityType, once, and never written to again", async () => {
    const app = createApp({ allowDefinitionCreate: true });
    app.galleries.definitions.clear();
    expect((await publish(app, { createDefinition })).error).toBeNull();
    expect(app.galleries.definitionPuts).toEqual([
      {
        id: DEFINITION,
        body: {
          location: "westeurope",
          properties: {
            identifier: createDefinition,
            osType: "Linux",
            osState: "Generalized",
            hyperVGeneration: "V1",
            architecture: "x64",
            features: [{ name: "SecurityType", value: "Standard" }],
          },
        },
      },
    ]);
    await app.uploadManifest("again.json", {
      gallery: { ...place, createDefinition: { ...createDefinition, sku: "other" } },
      properties: { storageProfile: { osDisk } },
    });
    await app.run();
    expect(app.recordOf("again.json").state).toBe("succeeded");
    expect(app.galleries.definitionPuts).toHaveLength(1);
  });
});

describe("a number", () => {
  it("is the next one above what exists, whatever its state", async () => {
    const app = createApp();
    app.galleries.publish(idOf("1.4.9"), {}, "failed");
    app.galleries.publish(idOf("1.4.10"));
    app.galleries.publish(idOf("1.3.99"));
    await publish(app, { version: "1.4.auto" });
    expect(outputOf(app)?.progress.version).toBe("1.4.11");
  });

  it("that somebody else has is theirs: a given one ends the request, and nothing is touched", async () => {
    const app = createApp();
    app.galleries.publish(idOf("1.4.0"));
    const record = await publish(app, { version: "1.4.0" });
    expect(record.error).toMatchObject({ code: "VersionExists", target: idOf("1.4.0") });
    expect([app.galleries.puts, app.galleries.deletes]).toEqual([[], []]);
  });

  it("that somebody else takes in the same moment is theirs: an open one becomes the next", async () => {
    const app = createApp();
    app.galleries.nextPuts.push("rival");
    const record = await publish(app);
    expect(record.state).toBe("succeeded");
    expect(outputOf(app)?.progress.version).toBe("1.0.1");
    expect(app.galleries.puts.map(({ id }) => id)).toEqual([idOf("1.0.1")]);
  });

  it.each([
    { version: "1.0.0", state: "failed", puts: [] },
    { version: "auto", state: "succeeded", puts: [idOf("1.0.1")] },
  ])(
    "that somebody else takes between the claim and the PUT is not written to: $version",
    async (row) => {
      const app = createApp();
      const { save } = app.records;
      app.records.save = async (record, base) => {
        const etag = await save(record, base);
        const isClaim = record.claimedUntil !== null;
        if (isClaim && app.galleries.versions.size === 0) app.galleries.publish(idOf("1.0.0"));
        return etag;
      };
      const record = await publish(app, { version: row.version });
      expect(record.state).toBe(row.state);
      expect(app.galleries.puts.map(({ id }) => id)).toEqual(row.puts);
      expect(app.galleries.deletes).toEqual([]);
    },
  );

  it("is kept when the answer to the PUT is lost, and there is no second PUT", async () => {
    const app = createApp();
    app.galleries.nextPuts.push("acceptThenDrop");
    expect((await publish(app)).state).toBe("succeeded");
    expect(app.galleries.puts.map(({ id }) => id)).toEqual([idOf("1.0.0")]);
  });

  it("answered with 200 in place of 201 stops everything, and says so", async () => {
    const app = createApp();
    app.galleries.nextPuts.push("overwrite");
    const record = await publish(app);
    expect(record.error).toMatchObject({
      code: "VersionOverwritten",
      message: expect.stringContaining("Azure answered 200 instead of 201"),
    });
    expect(app.galleries.puts).toHaveLength(1);
  });

  it("of a version that failed in Azure is used again, three times at most", async () => {
    const app = createApp();
    app.galleries.nextEnds.push("failed", "failed");
    expect((await publish(app)).state).toBe("succeeded");
    expect(app.galleries.puts.map(({ id }) => id)).toEqual(Array(3).fill(idOf("1.0.0")));
    expect(app.galleries.deletes).toHaveLength(2);

    const other = createApp();
    other.galleries.nextEnds.push("failed", "failed", "failed");
    const record = await publish(other);
    expect(record.error).toMatchObject({ code: "InternalOperationError" });
    expect(other.galleries.puts).toHaveLength(3);
  });

  it("is the same again for the same disks, without a PUT", async () => {
    const app = createApp();
    await publish(app, { version: "2.0.0" });
    await app.uploadManifest("again.json", {
      gallery: { ...place, version: "2.0.0" },
      properties: { storageProfile: { osDisk } },
    });
    await app.run();
    expect(app.recordOf("again.json")).toMatchObject({ state: "succeeded" });
    expect(app.galleries.puts).toHaveLength(1);
  });

  it("is not used up by a series that is at its end", async () => {
    const app = createApp();
    app.galleries.publish(idOf("1.4.2147483647"));
    expect((await publish(app, { version: "1.4.auto" })).error).toMatchObject({
      code: "VersionNumbersExhausted",
    });
  });
});

describe("the storage account of a VHD", () => {
  it("that cannot be found ends the request with the command that prints its id", async () => {
    const app = createApp();
    app.galleries.accounts.clear();
    expect((await publish(app)).error).toMatchObject({
      code: "StorageAccountNotFound",
      fix: expect.stringContaining("az storage account show --name own"),
    });
  });

  it("is not looked up when the manifest names it", async () => {
    const app = createApp();
    app.galleries.accounts.clear();
    const storageAccountId = accountId("own");
    expect((await publish(app, { storageAccountId })).error).toBeNull();
  });

  it("in another region than the one that was requested is reported with both", async () => {
    const app = createApp();
    app.galleries.accounts.set("own", { id: accountId("own"), location: "eastus" });
    expect((await publish(app, { location: "westeurope" })).error).toMatchObject({
      code: "StorageAccountLocationMismatch",
      message: expect.stringContaining(
        "is in 'eastus', but the image version is to be created in 'westeurope'",
      ),
    });
  });
});

describe("a region that nobody named", () => {
  it("is that of the storage account: in the PUT, the definition and the comparison", async () => {
    const app = createApp({ regions: [], allowDefinitionCreate: true });
    app.galleries.definitions.clear();
    app.galleries.accounts.set("own", { id: accountId("own"), location: "North Europe" });
    const createDefinition = { publisher: "p", offer: "o", sku: "s" };
    expect((await publish(app, { version: "1.0.0", createDefinition })).error).toBeNull();
    expect(app.galleries.definitionPuts).toMatchObject([{ body: { location: "northeurope" } }]);
    expect(app.galleries.puts).toMatchObject([
      {
        body: {
          location: "northeurope",
          properties: { publishingProfile: { targetRegions: [{ name: "northeurope" }] } },
        },
      },
    ]);
    // The same again is the same version, so that what exists is compared in that region too.
    await app.uploadManifest("again.json", {
      gallery: { ...place, version: "1.0.0" },
      properties: { storageProfile: { osDisk } },
    });
    await app.run();
    expect(app.recordOf("again.json")).toMatchObject({ state: "succeeded" });
    expect(app.galleries.puts).toHaveLength(1);
  });

  it("stays the setting's where the policy does not allow that of the account", async () => {
    const app = createApp({ regions: ["westeurope"] });
    app.galleries.accounts.set("own", { id: accountId("own"), location: "northeurope" });
    expect((await publish(app)).error).toMatchObject({ code: "StorageAccountLocationMismatch" });
    expect(app.galleries.puts).toEqual([]);
  });
});

describe("a snapshot that is too large", () => {
  const id = `/subscriptions/${SUBSCRIPTION}/resourceGroups/g/providers/Microsoft.Compute/snapshots/s`;
  const data = { lun: 0, snapshot: { id } };

  it.each([
    { replicationMode: "Full", code: "GallerySourceResourceExceedsMaxSize", puts: 0 },
    { replicationMode: "Shallow", code: null, puts: 1 },
  ])("is reported before the PUT, also as a data disk: $replicationMode", async (row) => {
    const app = createApp();
    app.sources.set(id, { sizeGib: 4_096 });
    const { replicationMode } = row;
    const properties = { storageProfile: { osDisk, dataDisks: [data] } };
    const record = await publish(app, { replicationMode }, { properties });
    expect(record.error?.code ?? null).toBe(row.code);
    expect(app.galleries.puts).toHaveLength(row.puts);
  });
});

describe("a replication that takes too long", () => {
  it("ends the request at its deadline, which is that of the setting", async () => {
    const app = createFakeApp({
      policy: { galleries: ["*/*/*"] },
      timing: { replicateDeadlineSeconds: 3600 },
    });
    app.galleries.nextPolls.push(...Array(2000).fill({ status: "running", retryAfterSeconds: 60 }));
    const { findVersion } = app.galleries;
    app.galleries.findVersion = async (...given) => {
      const found = await findVersion(...given);
      return found && { ...found, state: "working" };
    };
    const record = await publish(app);
    expect(record.error).toMatchObject({
      code: "CreateTimedOut",
      fix: expect.stringContaining("REPLICATE_DEADLINE_HOURS"),
    });
    expect(outputOf(app)?.id).toBe(idOf("1.0.0"));
  });
});
