import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { LOCAL_DEFAULTS } from "../../local/world/app-settings.ts";
import { startWorld, type World, type WorldOptions } from "../../local/world/index.ts";
import { formatReadyLine } from "../../local/world/ready-line.ts";
import { leaseAccount } from "../storage/lease.ts";
import { imageVersion, sendHttps } from "../unit/local/arm-simulator/simulator.ts";
import { isRunning } from "../unit/local/world/processes.ts";

const TIMEOUT = { timeout: 60_000 };
const APP_DIR = fileURLToPath(new URL("../unit/local/world/fixture-app/", import.meta.url));
const worlds: World[] = [];

afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});

/** On the storage of the test run, unless the world has to have its own. */
async function start(options: WorldOptions = leaseStorage()): Promise<World> {
  const world = await startWorld({ appDir: APP_DIR, ...options });
  worlds.push(world);
  return world;
}

function leaseStorage(): WorldOptions {
  const { roots, account, example } = leaseAccount();
  return { storage: { roots, account, example } };
}

type AppView = { readonly pid: number; readonly settings: Record<string, string> };

async function askApp(world: World): Promise<AppView> {
  const response = await fetch(`${world.functions.url}/api/settings`, {
    headers: { "x-functions-key": world.functions.key },
  });
  return (await response.json()) as AppView;
}

test("the app runs with the settings of the world, and the given ones win", TIMEOUT, async () => {
  const environment = { ...process.env, SETTLE_SECONDS: "9", IMAGE_LOCATION: "eastus" };
  const own = { environment, settings: { SETTLE_SECONDS: "1" } };
  const world = await start({ ...leaseStorage(), ...own });
  const { pid, settings } = await askApp(world);
  expect(pid).toBe(world.hostPid);
  expect(settings).toMatchObject({
    AzureWebJobsStorage: world.connectionString,
    ImageStorage: world.connectionString,
    ARM_ENDPOINT: world.arm.url,
    NODE_EXTRA_CA_CERTS: world.arm.caFile,
    IDENTITY_ENDPOINT: world.arm.identity.endpoint,
    IMAGE_LOCATION: "eastus",
    SETTLE_SECONDS: "1",
  });
  expect(Object.keys(JSON.parse(formatReadyLine(world)))).toEqual(
    expect.arrayContaining([
      "ready",
      "functions",
      "functionsKey",
      "blob",
      "queue",
      "table",
      "connectionString",
      "arm",
      "armCa",
    ]),
  );
});

test("a host that was killed comes back on the same port with the same key", TIMEOUT, async () => {
  const world = await start();
  const firstPid = world.hostPid;
  await world.killHost();
  expect(isRunning(firstPid)).toBe(false);
  await world.restartHost();
  expect((await askApp(world)).pid).toBe(world.hostPid);
  expect(world.hostPid).not.toBe(firstPid);
  await expect(Promise.race([world.died, Promise.resolve("alive")])).resolves.toBe("alive");
});

test("an app that crashes is reported with its exit code and last lines", TIMEOUT, async () => {
  const world = await start();
  await fetch(`${world.functions.url}/api/crash`).catch(() => {});
  const { message } = await world.died;
  expect(message).toContain("functions host ended unexpectedly: exit code 3");
  expect(message).toContain("about to crash");
});

test("closing leaves no process and no file", TIMEOUT, async () => {
  const world = await start({});
  await world.close();
  expect(isRunning(world.hostPid)).toBe(false);
  expect(existsSync(world.arm.caFile)).toBe(false);
  await expect(fetch(world.storage.blob)).rejects.toThrow();
});

test("images and operations under way are in the data directory", TIMEOUT, async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "world-data-"));
  const environment = { ...process.env, ARM_POLLS: "1" };
  try {
    const first = await start({ dataDir, environment });
    expect(await askSimulator(first, "PUT", imageFromDisk())).toBe("Creating");
    expect(await askSimulator(first, "GET")).toBe("Creating");
    await first.close();
    const second = await start({ dataDir, environment });
    expect(await askSimulator(second, "GET")).toBe("Succeeded");
    await second.close();
  } finally {
    await rm(dataDir, { recursive: true });
  }
});

/** The provisioning state of one and the same image, as the answer has it. */
async function askSimulator({ arm }: World, method: string, body?: object) {
  const { AZURE_SUBSCRIPTION_ID, IMAGE_RESOURCE_GROUP } = LOCAL_DEFAULTS;
  const group = `/subscriptions/${AZURE_SUBSCRIPTION_ID}/resourceGroups/${IMAGE_RESOURCE_GROUP}`;
  const path = `${group}/providers/Microsoft.Compute/images/kept?${imageVersion}`;
  const headers = { authorization: "Bearer t" };
  const ca = await readFile(arm.caFile, "utf8");
  const answer = await sendHttps(method, new URL(path, arm.url), ca, { headers, body });
  return answer.json.properties?.provisioningState;
}

/** Like the simulator's own test image, in the subscription of the local settings. */
function imageFromDisk(): object {
  const id = `/subscriptions/${LOCAL_DEFAULTS.AZURE_SUBSCRIPTION_ID}/resourceGroups/myResourceGroup/providers/Microsoft.Compute/disks/myManagedDisk1`;
  const osDisk = { osType: "Windows", osState: "Generalized", managedDisk: { id } };
  return { location: "westus", properties: { storageProfile: { osDisk } } };
}

test("an app that cannot be loaded fails the start and leaves nothing", TIMEOUT, async () => {
  await expect(startWorld({ ...leaseStorage(), appDir: "/nonexistent" })).rejects.toThrow(
    /^functions host ended unexpectedly: exit code 1/,
  );
});

test("a start that is aborted ends with the signal's reason", TIMEOUT, async () => {
  const reason = new Error("enough");
  const controller = new AbortController();
  const log = (): void => controller.abort(reason); // at the first line that any part writes
  await expect(startWorld({ appDir: APP_DIR, log, signal: controller.signal })).rejects.toBe(
    reason,
  );
});
