import { readFileSync } from "node:fs";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createSourceService } from "../../../../../shared/azure/arm/source-service.ts";
import { ServiceError, type ServiceErrorParts } from "../../../../../shared/errors.ts";
import type { SourceKind } from "../../../../../shared/image/resource-sources.ts";
import type { SourceService } from "../../../../../shared/ports.ts";
import {
  seedPath,
  startTestSimulator,
  subscriptionId,
  type TestSimulator,
} from "../../../local/arm-simulator/simulator.ts";

const trusted = getCACertificates("default");
let simulator: TestSimulator;
let sources: SourceService;

beforeAll(async () => {
  simulator = await startTestSimulator();
  setDefaultCACertificates([...trusted, readFileSync(simulator.caFile, "utf8")]);
  sources = createService();
});
afterAll(async () => {
  setDefaultCACertificates(trusted);
  await simulator.close();
});
afterEach(async () => {
  await simulator.control("reset");
});

function createService(timeoutMilliseconds = 10_000): SourceService {
  const credential = {
    getToken: async () => ({ token: "token", expiresOnTimestamp: Date.now() + 3_600_000 }),
  };
  return createSourceService({
    credential,
    cloud: "AzureCloud",
    endpoint: simulator.url,
    timeoutMilliseconds,
  });
}

const TYPES = {
  snapshot: "snapshots",
  managedDisk: "disks",
  virtualMachine: "virtualMachines",
} as const;
const KINDS = Object.keys(TYPES) as SourceKind[];

const source = (kind: SourceKind, name: string) => ({
  kind,
  id: `${seedPath}/${TYPES[kind]}/${name}`,
});
const order = (type: string, facts: object) =>
  simulator.control("resources", { type, name: "mine", ...facts });

/** The parts of the ServiceError that a call must end with. */
async function failureOf(call: Promise<unknown>): Promise<ServiceErrorParts> {
  const outcome = await call.catch((error: unknown) => error);
  if (outcome instanceof ServiceError) return outcome.parts;
  throw new Error(`no ServiceError but ${JSON.stringify(outcome)}`);
}

describe("read", () => {
  it.each([
    ["snapshot", "snapshot"],
    ["managedDisk", "disk"],
  ] as const)("tells what a %s is", async (kind, type) => {
    await order(type, {
      location: "West Europe",
      osType: "Linux",
      hyperVGeneration: "V2",
      architecture: "Arm64",
      securityType: "TrustedLaunch",
      sizeGB: 4096,
    });

    expect(await sources.read(source(kind, "mine"))).toEqual({
      location: "West Europe",
      osType: "Linux",
      hyperVGeneration: "V2",
      architecture: "Arm64",
      securityType: "TrustedLaunch",
      sizeGib: 4096,
      machine: null,
    });
  });

  it("gives null for what a data disk does not tell", async () => {
    await order("disk", {});

    expect(await sources.read(source("managedDisk", "mine"))).toEqual({
      location: "westus",
      osType: null,
      hyperVGeneration: null,
      architecture: null,
      securityType: null,
      sizeGib: 10,
      machine: null,
    });
  });

  it("tells a machine's system, and by its instance view its generation and state", async () => {
    await order("virtualMachine", { hyperVGeneration: "V2", securityType: "TrustedLaunch" });

    expect(await sources.read(source("virtualMachine", "mine"))).toEqual({
      location: "westus",
      osType: "Linux",
      hyperVGeneration: "V2",
      architecture: null,
      securityType: "TrustedLaunch",
      sizeGib: null,
      machine: { isGeneralized: true, powerState: "deallocated" },
    });
  });

  it("tells a machine that runs and is not generalized", async () => {
    expect(await sources.read(source("virtualMachine", "myRunningVM"))).toMatchObject({
      securityType: null,
      machine: { isGeneralized: false, powerState: "running" },
    });
  });

  it.each([
    ["Standard_D2ps_v5", "Arm64"],
    ["Standard_E4-2pds_v6", "Arm64"],
    ["Standard_D2s_v5", null],
    ["Standard_NP10s", null],
    ["Standard_NV6_Promo", null],
  ])("tells an Arm64 machine by its size: %s is %s", async (vmSize, architecture) => {
    await order("virtualMachine", { vmSize });

    expect(await sources.read(source("virtualMachine", "mine"))).toMatchObject({ architecture });
  });

  it.each(KINDS)("asks once for a %s, in the api-version of its kind", async (kind) => {
    await sources.read(source(kind, "mine"));

    const version = kind === "virtualMachine" ? "2026-04-01" : "2026-03-02";
    const exchanges = await simulator.exchanges();
    expect(exchanges).toMatchObject([{ method: "GET" }]);
    const { pathname, searchParams } = new URL(String(exchanges[0]?.url));
    expect(pathname).toBe(`${seedPath}/${TYPES[kind]}/mine`);
    expect(Object.fromEntries(searchParams)).toEqual({
      "api-version": version,
      ...(kind === "virtualMachine" && { $expand: "instanceView" }),
    });
  });

  it.each(KINDS)("gives null for a %s that does not exist", async (kind) => {
    expect(await sources.read(source(kind, "missing"))).toBeNull();
  });

  it.each([
    ["resource group", seedPath.replace("myResourceGroup", "no-group")],
    ["subscription", seedPath.replace(subscriptionId, "66666666-2222-3333-4444-555555555555")],
  ])("gives null when the %s does not exist", async (_, path) => {
    expect(await sources.read({ kind: "snapshot", id: `${path}/snapshots/s` })).toBeNull();
  });

  it("refuses an id that is none, before anything is sent", async () => {
    const call = sources.read({ kind: "snapshot", id: "/subscriptions/s" });

    await expect(call).rejects.toThrow("/subscriptions/s is not the id of a Compute resource");
    expect(await simulator.exchanges()).toEqual([]);
  });
});

describe("an error of the service", () => {
  it.each(KINDS)("is thrown, with the action that is not allowed: 403 for a %s", async (kind) => {
    await simulator.control("faults", { method: "GET", path: `/${TYPES[kind]}/`, status: 403 });

    expect(await failureOf(sources.read(source(kind, "mine")))).toMatchObject({
      status: 403,
      code: "AuthorizationFailed",
      message: expect.stringContaining(`'Microsoft.Compute/${TYPES[kind]}/read'`),
    });
  });

  it("is not retried by the client, and says how long to wait", async () => {
    for (const status of [429, 500, 503]) {
      await simulator.control("faults", { status, retryAfter: 7 });
      expect(await failureOf(sources.read(source("managedDisk", "d")))).toMatchObject({
        status,
        retryAfterSeconds: 7,
      });
    }
    expect(await simulator.exchanges()).toHaveLength(3);
  });

  it("that is not an answer has no status", async () => {
    await simulator.control("faults", { status: "drop" });
    expect(await failureOf(sources.read(source("snapshot", "s")))).toMatchObject({ status: null });
    await simulator.control("faults", { status: "timeout" });
    const impatient = createService(50);
    expect(await failureOf(impatient.read(source("snapshot", "s")))).toMatchObject({
      status: null,
    });
  });

  it("is thrown for a 404 that says something else", async () => {
    const error = { code: "InvalidResourceType", message: "no" };
    await simulator.control("faults", { status: 404, error });

    expect(await failureOf(sources.read(source("snapshot", "s")))).toMatchObject({
      status: 404,
      code: "InvalidResourceType",
    });
  });
});
