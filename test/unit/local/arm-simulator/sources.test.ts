import { afterEach, beforeEach, expect, test } from "vitest";
import { imageVersion, seedPath, startTestSimulator, type TestSimulator } from "./simulator.ts";

const diskVersion = "api-version=2026-03-02";
const machinePath = `${seedPath}/virtualMachines/mine`;

let simulator: TestSimulator;

beforeEach(async () => {
  simulator = await startTestSimulator();
});

afterEach(() => simulator.close());

const create = (order: object) => simulator.control("resources", { name: "mine", ...order });

test.each([
  ["disk", "disks"],
  ["snapshot", "snapshots"],
])("a %s tells its system, generation, processor and security type", async (type, plural) => {
  await create({
    type,
    osType: "Linux",
    hyperVGeneration: "V2",
    architecture: "arm64",
    securityType: "TrustedLaunch",
  });
  const { json } = await simulator.send("GET", `${seedPath}/${plural}/mine?${diskVersion}`);
  expect(json.properties).toMatchObject({
    osType: "Linux",
    hyperVGeneration: "V2",
    supportedCapabilities: { architecture: "Arm64" },
    securityProfile: { securityType: "TrustedLaunch" },
  });
});

test("a disk without an operating system does not report one", async () => {
  await create({ type: "disk" });
  const { json } = await simulator.send("GET", `${seedPath}/disks/mine?${diskVersion}`);
  for (const key of ["osType", "hyperVGeneration", "supportedCapabilities", "securityProfile"]) {
    expect(json.properties).not.toHaveProperty(key);
  }
});

test.each([
  [
    { generalized: true, powerState: "deallocated" },
    ["OSState/generalized", "PowerState/deallocated"],
  ],
  [{ generalized: true, powerState: "stopped" }, ["OSState/generalized", "PowerState/stopped"]],
  [{ generalized: false, powerState: "running" }, ["PowerState/running"]],
])("the instance view of a machine %o has its state", async (state, codes) => {
  await create({ type: "virtualMachine", hyperVGeneration: "V2", ...state });
  const query = `$expand=instanceView&${imageVersion}`;
  const { json } = await simulator.send("GET", `${machinePath}?${query}`);
  expect(json.properties).toMatchObject({
    instanceView: {
      hyperVGeneration: "V2",
      statuses: ["ProvisioningState/succeeded", ...codes].map((code) => ({ code })),
    },
  });
});

test("a machine tells its state only to those who ask for the instance view", async () => {
  await create({ type: "virtualMachine", vmSize: "Standard_D2ps_v5" });
  const { json } = await simulator.send("GET", `${machinePath}?${imageVersion}`);
  expect(json.properties).not.toHaveProperty("instanceView");
  expect(json.properties).toMatchObject({
    hardwareProfile: { vmSize: "Standard_D2ps_v5" },
    securityProfile: { securityType: "Standard" },
    storageProfile: { osDisk: { osType: "Linux" } },
  });
});

test.each([
  ["disks/myManagedDisk1", "Microsoft.Compute/disks/read"],
  ["snapshots/mySnapshot1", "Microsoft.Compute/snapshots/read"],
  ["virtualMachines/myVM", "Microsoft.Compute/virtualMachines/read"],
])("a fault 403 on %s names the right %s", async (path, action) => {
  await simulator.control("faults", { method: "GET", path, status: 403 });
  const version = path.startsWith("virtual") ? imageVersion : diskVersion;
  const { status, json } = await simulator.send("GET", `${seedPath}/${path}?${version}`);
  expect([status, json.error?.code]).toEqual([403, "AuthorizationFailed"]);
  expect(json.error?.message).toContain(`'${action}'`);
  expect((await simulator.send("GET", `${seedPath}/${path}?${version}`)).status).toBe(200);
});
