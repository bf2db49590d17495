import { afterEach, beforeEach, expect, test } from "vitest";
import { seedPath, startTestSimulator, subscriptionId, type TestSimulator } from "../simulator.ts";
import { createTestGallery, type GalleryClient, versionFromSnapshot, versionTo } from "./client.ts";

let simulator: TestSimulator;
let client: GalleryClient;

beforeEach(async () => {
  simulator = await startTestSimulator({ now: () => new Date("2026-05-06T07:08:09.123Z") });
  client = await createTestGallery(simulator);
});

afterEach(() => simulator.close());

async function complete(name: string, body: object = versionFromSnapshot()): Promise<void> {
  const created = await client.putVersion(name, body);
  expect(created.status).toBe(201);
  for (let look = 0; look < 3; look += 1) {
    await simulator.poll(created);
  }
}

async function replicationOf(name: string) {
  const { json } = await client.getVersion(name, "ReplicationStatus");
  const properties = json.properties as {
    readonly provisioningState: string;
    readonly replicationStatus: {
      readonly aggregatedState: string;
      readonly summary: readonly {
        readonly region: string;
        readonly state: string;
        readonly progress: number;
        readonly details: string;
      }[];
    };
  };
  return { state: properties.provisioningState, ...properties.replicationStatus };
}

test("a new version is answered 201 with defaults, display names and no Location", async () => {
  const { status, headers, json } = await client.putVersion("1.0.0", versionTo("westus"));
  expect(status).toBe(201);
  expect([headers.location, headers["retry-after"]]).toEqual([undefined, undefined]);
  const operation = new URL(String(headers["azure-asyncoperation"]));
  expect(operation.pathname).toBe(
    `/subscriptions/${subscriptionId}/providers/Microsoft.Compute/locations/westus/capsOperations/${headers["x-ms-request-id"]}`,
  );
  expect(operation.href.length).toBeGreaterThan(3_000);
  expect(headers["x-ms-ratelimit-remaining-resource"]).toBe(
    "Microsoft.Compute/CreateUpdateGalleryImageVersion3Min;374,Microsoft.Compute/CreateUpdateGalleryImageVersion30Min;1199",
  );
  expect(json).toEqual({
    name: "1.0.0",
    id: `${client.definition}/versions/1.0.0`,
    type: "Microsoft.Compute/galleries/images/versions",
    location: "westus",
    properties: {
      publishingProfile: {
        targetRegions: [
          { name: "West US", regionalReplicaCount: 1, storageAccountType: "Standard_LRS" },
        ],
        replicaCount: 1,
        excludeFromLatest: false,
        publishedDate: "2026-05-06T07:08:09.123Z",
        storageAccountType: "Standard_LRS",
        replicationMode: "Full",
      },
      storageProfile: {
        osDiskImage: {
          hostCaching: "ReadWrite",
          source: { id: `${seedPath}/snapshots/mySnapshot1` },
        },
      },
      safetyProfile: {
        reportedForPolicyViolation: false,
        allowDeletionOfReplicatedLocations: false,
      },
      validationsProfile: { validationOperationStatus: "NotExecuted" },
      provisioningState: "Creating",
    },
  });
});

test("the size appears at the end, and the replication only if it is requested", async () => {
  await complete("1.0.0");
  const { json } = await client.getVersion("1.0.0");
  expect(json.properties).toMatchObject({
    provisioningState: "Succeeded",
    storageProfile: { osDiskImage: { sizeInGB: 10 } },
  });
  expect(json.properties).not.toHaveProperty("replicationStatus");
  expect(await replicationOf("1.0.0")).toEqual({
    state: "Succeeded",
    aggregatedState: "Completed",
    summary: [{ region: "West US", state: "Completed", details: "", progress: 100 }],
  });
});

test("progress grows from look to look; the home region is there before the others", async () => {
  await client.putVersion("1.0.0", versionTo("westus", "North Europe"));
  const seen = [];
  for (let look = 0; look < 3; look += 1) {
    const { state, summary } = await replicationOf("1.0.0");
    seen.push([state, ...summary.map((region) => `${region.state} ${region.progress}`)]);
  }
  expect(seen).toEqual([
    ["Creating", "Replicating 50", "Replicating 33"],
    ["Creating", "Completed 100", "Replicating 66"],
    ["Succeeded", "Completed 100", "Completed 100"],
  ]);
});

test("a slow region goes on after the operation has succeeded", async () => {
  const fault = { region: "North Europe", replication: "Slow", looks: 2 };
  await simulator.control("faults", fault);
  await complete("1.0.0", versionTo("westus", "northeurope"));
  expect(await replicationOf("1.0.0")).toMatchObject({
    state: "Succeeded",
    aggregatedState: "InProgress",
    summary: [{ state: "Completed" }, { region: "North Europe", state: "Replicating" }],
  });
  expect(await replicationOf("1.0.0")).toMatchObject({ aggregatedState: "Completed" });
});

test("a region that fails in time fails the operation, and can be removed and added again", async () => {
  await simulator.control("faults", { region: "northeurope", replication: "Failed" });
  const created = await client.putVersion("1.0.0", versionTo("westus", "northeurope"));
  await simulator.poll(created);
  await simulator.poll(created);
  expect((await simulator.poll(created)).json).toMatchObject({
    status: "Failed",
    error: {
      code: "ValidationError",
      message: expect.stringContaining("{region:northeurope, detail:Failed with internal server"),
    },
  });
  expect(await replicationOf("1.0.0")).toMatchObject({
    state: "Failed",
    aggregatedState: "Failed",
    summary: [
      { region: "West US", state: "Completed" },
      { region: "North Europe", state: "Failed", details: "Failed with internal server error." },
    ],
  });
  const removed = await client.putVersion("1.0.0", versionTo("westus"));
  expect(removed.status).toBe(200);
  await simulator.poll(removed);
  const added = await client.putVersion("1.0.0", versionTo("westus", "northeurope"));
  for (let look = 0; look < 3; look += 1) await simulator.poll(added);
  expect(await replicationOf("1.0.0")).toMatchObject({
    state: "Succeeded",
    aggregatedState: "Completed",
  });
});

test("a region that fails late leaves the operation and the version succeeded", async () => {
  await simulator.control("faults", { region: "northeurope", replication: "Failed", looks: 1 });
  await complete("1.0.0", versionTo("westus", "northeurope"));
  expect(await replicationOf("1.0.0")).toMatchObject({
    state: "Succeeded",
    aggregatedState: "Failed",
  });
});

test("a version that could not be made holds its number until it is deleted", async () => {
  await simulator.control("faults", { path: "/versions/", operation: "Failed" });
  await client.putVersion("1.0.0", versionFromSnapshot()).then(async (created) => {
    for (let look = 0; look < 3; look += 1) await simulator.poll(created);
  });
  const before = await client.getVersion("1.0.0");
  expect(before.json.properties?.provisioningState).toBe("Failed");
  expect((await client.putVersion("1.0.0", versionFromSnapshot())).json.error).toMatchObject({
    code: "Conflict",
    message: expect.stringContaining("Delete it"),
  });
  const deleted = await client.send("DELETE", "images/ubuntu/versions/1.0.0");
  expect([deleted.status, deleted.headers["retry-after"]]).toEqual([202, "60"]);
  expect(String(deleted.headers.location)).toContain("&monitor=true");
  for (let look = 0; look < 3; look += 1) await simulator.poll(deleted);
  expect((await client.getVersion("1.0.0")).status).toBe(404);
  expect((await client.putVersion("1.0.0", versionFromSnapshot())).status).toBe(201);
});

test("a rival with the same source makes a PUT answer 200 and overwrites nothing but its own", async () => {
  await simulator.control("faults", { rival: "SameSource" });
  const body = { ...versionFromSnapshot(), tags: { owner: "me" } };
  const { status, json } = await client.putVersion("1.0.0", body);
  expect([status, json]).toMatchObject([200, { tags: { owner: "me" } }]);
});

test("a rival with another source makes a PUT answer 409 PropertyChangeNotAllowed", async () => {
  await simulator.control("faults", { rival: "OtherSource" });
  const { status, json } = await client.putVersion("1.0.0", versionFromSnapshot());
  expect([status, json.error?.code]).toEqual([409, "PropertyChangeNotAllowed"]);
  expect((await client.getVersion("1.0.0")).json).toMatchObject({
    tags: { owner: "somebody else" },
  });
});

test.each([
  ["another source", { osDiskImage: { source: { id: `${seedPath}/snapshots/mySnapshot2` } } }, {}],
  ["another mode", undefined, { replicationMode: "Shallow" }],
  [
    "another storage type",
    undefined,
    { targetRegions: [{ name: "westus", storageAccountType: "Premium_LRS" }] },
  ],
])("%s of an existing version is refused", async (_, storageProfile, publishingProfile) => {
  await complete("1.0.0");
  const properties = { publishingProfile, ...(storageProfile ? { storageProfile } : {}) };
  const { status, json } = await client.putVersion("1.0.0", versionFromSnapshot(properties));
  expect([status, json.error?.code]).toEqual([409, "PropertyChangeNotAllowed"]);
});

test("a PUT with fewer regions removes replicas", async () => {
  await complete("1.0.0", versionTo("westus", "northeurope"));
  await client.putVersion("1.0.0", versionTo("westus"));
  expect((await replicationOf("1.0.0")).summary).toHaveLength(1);
});

test("a PUT while the version is being created is refused", async () => {
  await client.putVersion("1.0.0", versionFromSnapshot());
  const { status, json } = await client.putVersion("1.0.0", versionFromSnapshot());
  expect([status, json.error?.code]).toEqual([409, "Conflict"]);
});

test.each([
  ["Refuse", 409],
  ["Accept", 202],
])(
  "a DELETE while the version is being created: %s is %i",
  async (deleteWhileCreating, expected) => {
    await simulator.control("settings", { deleteWhileCreating, deleteRetryAfter: 0 });
    await client.putVersion("1.0.0", versionFromSnapshot());
    const { status } = await client.send("DELETE", "images/ubuntu/versions/1.0.0");
    expect(status).toBe(expected);
  },
);

const zeroReplicas = { targetRegions: [{ name: "westus", regionalReplicaCount: 0 }] };
const bothTypes = {
  storageAccountType: "Standard_LRS",
  storageAccountStrategy: "PreferStandard_ZRS",
};
const blob = { uri: "https://mystorageaccount.blob.core.windows.net/vhds/a.vhd" };
const source = { id: `${seedPath}/snapshots/mySnapshot1` };

test.each([
  [
    "a region twice",
    { publishingProfile: { targetRegions: [{ name: "westus" }, { name: "West US" }] } },
    "targetRegions",
  ],
  [
    "its own region missing",
    { publishingProfile: { targetRegions: [{ name: "northeurope" }] } },
    "targetRegions",
  ],
  [
    "an unknown region",
    { publishingProfile: { targetRegions: [{ name: "westus" }, { name: "atlantis" }] } },
    "targetRegions",
  ],
  ["no replicas", { publishingProfile: zeroReplicas }, "westus.regionalReplicaCount"],
  ["101 replicas", { publishingProfile: { replicaCount: 101 } }, "replicaCount"],
  [
    "an end of life in the past",
    { publishingProfile: { endOfLifeDate: "2020-01-01T00:00:00Z" } },
    "endOfLifeDate",
  ],
  ["strategy and type", { publishingProfile: bothTypes }, "storageAccountStrategy"],
  [
    "ZRS in a region without zones",
    { publishingProfile: { storageAccountType: "Standard_ZRS" } },
    "storageAccountType",
  ],
  [
    "a shallow version in two regions",
    {
      publishingProfile: {
        replicationMode: "Shallow",
        targetRegions: [{ name: "westus" }, { name: "northeurope" }],
      },
    },
    "targetRegions",
  ],
  [
    "both kinds of sources",
    { storageProfile: { source: { id: "/x" }, osDiskImage: { source } } },
    "storageProfile.source",
  ],
  [
    "a blob without its account",
    { storageProfile: { osDiskImage: { source: blob } } },
    "storageAccountId",
  ],
  [
    "a blob in id",
    { storageProfile: { osDiskImage: { source: { id: blob.uri } } } },
    "osDiskImage.source.id",
  ],
  [
    "a lun twice",
    {
      storageProfile: {
        osDiskImage: { source },
        dataDiskImages: [
          { lun: 1, source },
          { lun: 1, source },
        ],
      },
    },
    "lun",
  ],
  ["no source", { storageProfile: {} }, "osDiskImage.source"],
  [
    "a virtual machine in id",
    { storageProfile: { source: { id: `${seedPath}/virtualMachines/myVM` } } },
    "storageProfile.source.id",
  ],
])("a version with %s is refused, and the value is named", async (_, properties, target) => {
  const { status, json } = await client.putVersion("1.0.0", versionFromSnapshot(properties));
  expect([status, json.error]).toMatchObject([
    400,
    { code: "InvalidParameter", target: expect.stringContaining(target) },
  ]);
});

test.each(["1.0", "1.0.0.0", "01.0.0", "1.0.2147483648", "1.0.x", "latest"])(
  "the number %s is refused",
  async (name) => {
    const { status, json } = await client.putVersion(name, versionFromSnapshot());
    expect([status, json.error?.code]).toEqual([400, "InvalidParameter"]);
  },
);

test("a source of another generation is found out by the operation", async () => {
  const other = await createTestGallery(simulator, { name: "gen2", hyperVGeneration: "V2" });
  const created = await other.send("PUT", "images/gen2/versions/1.0.0", versionFromSnapshot());
  expect(created.status).toBe(201);
  for (let look = 0; look < 2; look += 1) await simulator.poll(created);
  expect((await simulator.poll(created)).json).toMatchObject({
    status: "Failed",
    error: {
      code: "Conflict",
      message: `The resource with id '${source.id}' has a different Hypervisor generation ['V1'] than the parent gallery image Hypervisor generation ['V2'].`,
    },
  });
});

test("a definition with TrustedLaunchSupported takes no snapshot", async () => {
  const trusted = { name: "tl", hyperVGeneration: "V2", securityType: "TrustedLaunchSupported" };
  const other = await createTestGallery(simulator, trusted);
  const { json } = await other.send("PUT", "images/tl/versions/1.0.0", versionFromSnapshot());
  expect(json.error?.code).toBe("InvalidParameter");
});

test("a source that is too large needs a shallow version", async () => {
  await simulator.control("resources", { type: "snapshot", name: "large", sizeGB: 2049 });
  const storageProfile = { osDiskImage: { source: { id: `${seedPath}/snapshots/large` } } };
  const full = await client.putVersion("1.0.0", versionFromSnapshot({ storageProfile }));
  expect(full.json.error?.code).toBe("GallerySourceResourceExceedsMaxSize");
  const publishingProfile = { replicationMode: "Shallow" };
  const body = versionFromSnapshot({ storageProfile, publishingProfile });
  expect((await client.putVersion("1.0.0", body)).status).toBe(201);
});

test("missing rights: to the source LinkedAuthorizationFailed, to the operation AuthorizationFailed", async () => {
  await simulator.control("settings", { denied: ["Microsoft.Compute/snapshots/*"] });
  const refused = await client.putVersion("1.0.0", versionFromSnapshot());
  expect([refused.status, refused.json.error?.code]).toEqual([403, "LinkedAuthorizationFailed"]);
  expect(refused.json.error?.message).toContain("Microsoft.Compute/snapshots/write");
  const denied = [{ action: "Microsoft.Compute/locations/capsOperations/read" }];
  await simulator.control("settings", { denied });
  const polled = await simulator.poll(await client.putVersion("1.0.0", versionFromSnapshot()));
  expect([polled.status, polled.json.error?.code]).toEqual([403, "AuthorizationFailed"]);
});

test("a version in a definition or gallery that does not exist is refused by the parent's name", async () => {
  const { status, json } = await client.send(
    "PUT",
    "images/none/versions/1.0.0",
    versionFromSnapshot(),
  );
  expect([status, json.error?.code]).toEqual([404, "ParentResourceNotFound"]);
  expect(json.error?.message).toContain("/images/none'");
});
