import { afterEach, beforeEach, expect, test } from "vitest";
import {
  imageFromDisk,
  imagePath,
  imageVersion,
  seedPath,
  startTestSimulator,
  subscriptionId,
  type TestSimulator,
} from "./simulator.ts";

const other = "99999999-2222-3333-4444-555555555555";

let simulator: TestSimulator;

beforeEach(async () => {
  simulator = await startTestSimulator({ subscriptions: [subscriptionId, other] });
});

afterEach(() => simulator.close());

test("the index lists the control routes", async () => {
  const { status, json } = await simulator.send("GET", "/_simulator/");
  expect(status).toBe(200);
  const { routes } = json as { routes: { method: string; path: string }[] };
  expect(routes.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "GET /_simulator/",
    "POST /_simulator/faults",
    "GET /_simulator/faults",
    "DELETE /_simulator/faults",
    "GET /_simulator/gallery-errors",
    "POST /_simulator/resources",
    "GET /_simulator/settings",
    "POST /_simulator/settings",
    "GET /_simulator/exchanges",
    "POST /_simulator/reset",
  ]);
});

test("unknown control routes and methods are answered 404 and 405", async () => {
  expect((await simulator.control("nothing")).status).toBe(404);
  expect((await simulator.control("exchanges")).status).toBe(405);
});

test("the faults that are left are listed", async () => {
  await simulator.control("faults", { status: 500, count: 2 });
  await simulator.get("web");
  expect((await simulator.send("GET", "/_simulator/faults")).json).toEqual([
    { status: 500, count: 1, when: "before" },
  ]);
});

test.each([
  ["faults", "not json", "The body is not JSON"],
  ["faults", [], "The body is not a JSON object."],
  [
    "faults",
    {},
    "A fault has exactly one of 'status', 'operation', 'replication', 'rival', 'galleryError'.",
  ],
  [
    "faults",
    { status: 500, operation: "Failed" },
    "A fault has exactly one of 'status', 'operation', 'replication', 'rival', 'galleryError'.",
  ],
  ["faults", { status: 200 }, 'status: expected a status from 400 to 599, "timeout" or "drop"'],
  ["faults", { status: 500, count: 0 }, "count: "],
  ["faults", { status: 500, method: "POST" }, "method: expected one of GET, PUT, PATCH, DELETE"],
  ["faults", { status: 500, retryafter: 1 }, '"retryafter"'],
  ["faults", { status: 500, error: { message: "x" } }, "error.code: "],
  [
    "faults",
    { operation: "Succeeded" },
    "operation: expected one of Failed, Canceled, Gone, Never",
  ],
  ["faults", { replication: "Failed" }, "region: "],
  ["faults", { region: "westus", replication: "Broken" }, "replication: expected one of Failed"],
  ["settings", { deleteWhileCreating: "Maybe" }, "expected one of Refuse, Accept"],
  ["resources", { type: "network", name: "x" }, "type: expected one of disk, snapshot"],
  ["resources", { type: "galleryImage", name: "x" }, "gallery: expected the name of a gallery"],
  ["resources", { type: "disk" }, "name: expected a name, or an id"],
  ["resources", { type: "disk", name: "d", sizeGB: 0.5 }, "sizeGB: "],
  ["resources", { type: "disk", id: `${seedPath}/snapshots/s` }, "id: expected /subscriptions/"],
  [
    "resources",
    { type: "disk", name: "d", subscriptionId: "x" },
    "'x' is not a known subscription",
  ],
  ["resources", { type: "resourceGroup", name: "ends." }, "the last one not a period"],
])("%s refuses %o with a reason", async (route, body, reason) => {
  const { status, json } = await simulator.control(route, body);
  expect([status, json.error?.message]).toEqual([400, expect.stringContaining(reason)]);
});

test.each([
  ["disk", "disks", "api-version=2026-03-02"],
  ["snapshot", "snapshots", "api-version=2026-03-02"],
  ["VirtualMachine", "virtualMachines", imageVersion],
])("a %s is created in every subscription", async (type, plural, version) => {
  const { status, json } = await simulator.control("resources", { type, name: "mine" });
  const paths = [seedPath, seedPath.replace(subscriptionId, other)].map(
    (path) => `${path}/${plural}/mine`,
  );
  expect([status, json]).toEqual([201, { ids: paths }]);
  for (const path of paths) {
    expect((await simulator.send("GET", `${path}?${version}`)).status).toBe(200);
  }
});

test("a resource with an id is created there, with its resource group", async () => {
  const id = `/subscriptions/${other}/resourceGroups/new-rg/providers/Microsoft.Compute/disks/d`;
  const order = { type: "disk", id, location: "eastus", sizeGB: 64, osType: "linux" };
  expect((await simulator.control("resources", order)).json).toEqual({ ids: [id] });
  const { json } = await simulator.send("GET", `${id}?api-version=2026-03-02`);
  expect(json).toMatchObject({
    location: "eastus",
    properties: { diskSizeGB: 64, osType: "Linux" },
  });
});

test("a virtual machine is created with its disks", async () => {
  const order = {
    type: "virtualMachine",
    name: "vm",
    subscriptionId,
    dataDisks: [{ lun: 3, sizeGB: 32 }],
  };
  await simulator.control("resources", order);
  await simulator.put("captured", {
    location: "westus",
    properties: { sourceVirtualMachine: { id: `${seedPath}/virtualMachines/vm` } },
  });
  await simulator.get("captured");
  await simulator.get("captured");
  const { json } = await simulator.get("captured");
  expect(json.properties).toMatchObject({
    storageProfile: {
      osDisk: { osType: "Linux", managedDisk: { id: `${seedPath}/disks/vm_OsDisk` } },
      dataDisks: [{ lun: 3, diskSizeGB: 32 }],
    },
  });
});

test("a resource group is created", async () => {
  const path = imagePath.replace("images-rg", "late-rg");
  expect((await simulator.send("GET", `${path}?${imageVersion}`)).status).toBe(404);
  await simulator.control("resources", { type: "resourceGroup", name: "late-rg" });
  expect((await simulator.send("GET", `${path}?${imageVersion}`)).status).toBe(200);
});

test("reset goes back to the seeds", async () => {
  await simulator.put("web", imageFromDisk());
  await simulator.control("resources", { type: "disk", name: "mine" });
  await simulator.control("faults", { status: 500 });
  expect((await simulator.control("reset")).status).toBe(204);
  expect(await simulator.exchanges()).toEqual([]);
  expect((await simulator.get("web")).status).toBe(404);
  const disk = (name: string) =>
    simulator.send("GET", `${seedPath}/disks/${name}?api-version=2026-03-02`);
  expect((await disk("mine")).status).toBe(404);
  expect((await disk("myManagedDisk2")).status).toBe(200);
});
