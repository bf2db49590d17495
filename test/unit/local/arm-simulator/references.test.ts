import { afterEach, beforeEach, expect, test } from "vitest";
import {
  imageFromDisk,
  seedPath,
  startTestSimulator,
  subscriptionId,
  type TestSimulator,
} from "./simulator.ts";

let simulator: TestSimulator;

beforeEach(async () => {
  simulator = await startTestSimulator({ pollsInProgress: 0 });
});

afterEach(() => simulator.close());

const fromSource = (source: object) => imageFromDisk({ managedDisk: undefined, ...source });
const fromMachine = (name: string, rest: object = {}) => ({
  location: "westus",
  properties: { sourceVirtualMachine: { id: `${seedPath}/virtualMachines/${name}` }, ...rest },
});

test.each(["mySnapshot1", "mySnapshot2"])("the seeded snapshot %s makes an image", async (name) => {
  const body = fromSource({ snapshot: { id: `${seedPath}/snapshots/${name}` } });
  expect((await simulator.put("web", body)).status).toBe(201);
});

test("an image of a virtual machine shows the machine's disks once it is made", async () => {
  const created = await simulator.put("captured", fromMachine("myVM"));
  expect(created.json.properties).not.toHaveProperty("storageProfile");
  const { json } = await simulator.get("captured");
  expect(json.properties).toEqual({
    sourceVirtualMachine: { id: `${seedPath}/virtualMachines/myVM` },
    hyperVGeneration: "V1",
    provisioningState: "Succeeded",
    storageProfile: {
      zoneResilient: false,
      osDisk: {
        osType: "Windows",
        osState: "Generalized",
        managedDisk: { id: `${seedPath}/disks/myVM_OsDisk` },
        caching: "ReadWrite",
        diskSizeGB: 10,
        storageAccountType: "Standard_LRS",
      },
      dataDisks: [
        {
          lun: 0,
          managedDisk: { id: `${seedPath}/disks/myVM_DataDisk_0` },
          caching: "ReadWrite",
          diskSizeGB: 10,
          storageAccountType: "Standard_LRS",
        },
      ],
    },
  });
});

test("an image of a virtual machine may be zone resilient, and its PUT may be repeated", async () => {
  const body = fromMachine("myVM", { storageProfile: { zoneResilient: true } });
  await simulator.put("captured", body);
  const { json } = await simulator.get("captured");
  expect(json.properties).toMatchObject({ storageProfile: { zoneResilient: true } });
  expect((await simulator.put("captured", body)).status).toBe(200);
});

test.each([
  ["snapshot", "snapshots/missing"],
  ["managedDisk", "disks/missing"],
])("a %s that does not exist is answered 404 with its id", async (member, path) => {
  const id = `${seedPath}/${path}`;
  const { status, json } = await simulator.put("web", fromSource({ [member]: { id } }));
  expect([status, json.error]).toEqual([
    404,
    { code: "NotFound", message: `Resource ${id} is not found.`, target: `osDisk.${member}.id` },
  ]);
});

test("a virtual machine that does not exist is answered 404", async () => {
  const { status, json } = await simulator.put("web", fromMachine("missing"));
  expect([status, json.error?.code, json.error?.message]).toEqual([
    404,
    "NotFound",
    "Source Virtual Machine 'missing' specified in the request does not exist in this Azure location.",
  ]);
});

test.each([
  ["managed disk", imageFromDisk({}, { location: "eastus" })],
  ["virtual machine", { ...fromMachine("myVM"), location: "eastus" }],
])("a %s in another location than the image is answered 404", async (_, body) => {
  const { status, json } = await simulator.put("web", body);
  expect([status, json.error?.code]).toEqual([404, "NotFound"]);
  expect(json.error?.message).toContain("in this Azure location");
});

test("a virtual machine that runs and is not generalized is refused", async () => {
  const { status, json } = await simulator.put("web", fromMachine("myRunningVM"));
  expect([status, json.error]).toEqual([
    409,
    {
      code: "OperationNotAllowed",
      message:
        "The operation 'Create Image' requires the Virtual Machine 'myRunningVM' to be Generalized.",
      target: "sourceVirtualMachine",
    },
  ]);
});

test.each([
  ["running", 409],
  ["stopped", 201],
])("a generalized virtual machine that is %s is answered %i", async (powerState, status) => {
  await simulator.control("resources", { type: "virtualMachine", name: "vm", powerState });
  expect((await simulator.put("web", fromMachine("vm"))).status).toBe(status);
});

test("an id without a leading slash is refused by Resource Manager", async () => {
  const id = `${seedPath}/snapshots/mySnapshot1`.slice(1);
  const { status, json } = await simulator.put("web", fromSource({ snapshot: { id } }));
  expect([status, json.error?.code]).toEqual([400, "LinkedInvalidPropertyId"]);
  expect(json.error?.message).toContain(
    `Property id '${id}' at path 'properties.storageProfile.osDisk.snapshot.id' is invalid.`,
  );
});

test("a reference without an id is refused by Resource Manager", async () => {
  const { json } = await simulator.put("web", fromSource({ snapshot: {} }));
  expect(json.error?.code).toBe("LinkedInvalidPropertyId");
});

test.each([
  ["osDisk.snapshot.id", { snapshot: { id: `${seedPath}/disks/myManagedDisk1` } }],
  [
    "osDisk.diskEncryptionSet.id",
    {
      managedDisk: { id: `${seedPath}/disks/myManagedDisk1` },
      diskEncryptionSet: { id: `/subscriptions/${subscriptionId}/resourceGroups/g` },
    },
  ],
])("an id of the wrong type in %s is refused", async (target, source) => {
  const { status, json } = await simulator.put("web", fromSource(source));
  expect([status, json.error?.code, json.error?.target]).toEqual([400, "InvalidParameter", target]);
});

test("a source without a generation needs one in the request", async () => {
  await simulator.control("resources", { type: "disk", name: "plain" });
  const source = { managedDisk: { id: `${seedPath}/disks/plain` } };
  const { json } = await simulator.put("web", fromSource(source));
  expect(json.error?.target).toBe("hyperVGeneration");
  const body = fromSource(source) as { properties: object };
  const complete = { ...body, properties: { ...body.properties, hyperVGeneration: "V2" } };
  expect((await simulator.put("web", complete)).status).toBe(201);
});

test("a generation that contradicts the source is refused", async () => {
  const { status, json } = await simulator.put(
    "web",
    fromMachine("myVM", { hyperVGeneration: "V2" }),
  );
  expect([status, json.error?.message]).toEqual([
    400,
    "The Input HyperVGeneration property: 'V2' does not match with the HyperVGeneration property: 'V1' belonging to source: 'sourceVirtualMachine'.",
  ]);
});

test("ids are matched in any case", async () => {
  const id = `${seedPath}/SNAPSHOTS/mysnapshot1`.replace("Microsoft.Compute", "microsoft.compute");
  expect((await simulator.put("web", fromSource({ snapshot: { id } }))).status).toBe(201);
});
