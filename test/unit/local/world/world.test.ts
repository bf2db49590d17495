import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { startWorld, type World, type WorldOptions } from "../../../../local/world/index.ts";
import { formatReadyLine } from "../../../../local/world/ready-line.ts";
import { isRunning } from "./processes.ts";

const TIMEOUT = { timeout: 60_000 };
const APP_DIR = fileURLToPath(new URL("fixture-app/", import.meta.url));
const worlds: World[] = [];

afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});

async function start(options: WorldOptions = {}): Promise<World> {
  const world = await startWorld({ appDir: APP_DIR, ...options });
  worlds.push(world);
  return world;
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
  const world = await start({ environment, settings: { SETTLE_SECONDS: "1" } });
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
  const world = await start();
  await world.close();
  expect(isRunning(world.hostPid)).toBe(false);
  expect(existsSync(world.arm.caFile)).toBe(false);
  await expect(fetch(world.storage.blob)).rejects.toThrow();
});

test("an app that cannot be loaded fails the start and leaves nothing", TIMEOUT, async () => {
  await expect(startWorld({ appDir: "/nonexistent" })).rejects.toThrow(
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
