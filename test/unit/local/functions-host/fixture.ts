import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { BlobServiceClient } from "@azure/storage-blob";
import { QueueServiceClient } from "@azure/storage-queue";
import {
  type FunctionsHost,
  type FunctionsHostOptions,
  startFunctionsHost,
} from "../../../../local/functions-host/host.ts";
import { leaseTestStorage, type TestStorage } from "./azurite.ts";

export const FIXTURE_APP = fileURLToPath(new URL("./fixture-app", import.meta.url));
export const MASTER_KEY = "master-key";
export const HOST_KEY = "host-key";

/** A timer that does not fire during a test. */
export const RARELY = "0 0 0 29 2 *";

/** What the fixture app has seen so far. */
export interface Seen {
  readonly jobs: readonly {
    readonly job: Record<string, unknown>;
    readonly metadata: Record<string, unknown>;
  }[];
  readonly blobs: readonly {
    readonly blob: Record<string, string>;
    readonly metadata: Record<string, unknown>;
  }[];
  readonly events: readonly Record<string, string>[];
  readonly bytes: readonly Record<string, unknown>[];
  readonly ticks: readonly { readonly isPastDue: boolean; readonly scheduleStatus: unknown }[];
  readonly hooks: readonly string[];
  readonly ended: { readonly jobs: number };
}

/** The storage of one test file; every test gets a host id of its own in it. */
export interface World {
  readonly storage: TestStorage;
  readonly blobs: BlobServiceClient;
  readonly queues: QueueServiceClient;
}

/** Starts Azurite with the containers and the queue that the fixture app listens on. */
export async function startWorld(): Promise<World> {
  const storage = leaseTestStorage();
  const blobs = BlobServiceClient.fromConnectionString(storage.connectionString);
  const queues = QueueServiceClient.fromConnectionString(storage.connectionString);
  for (const name of ["scanned", "evented", "bytes"]) await blobs.createContainer(name);
  await queues.createQueue("jobs");
  return { storage, blobs, queues };
}

/** The app settings that the fixture app needs. */
export function createSettings(world: World, more: Record<string, string> = {}) {
  const { connectionString } = world.storage;
  return {
    AzureWebJobsStorage: connectionString,
    AzureFunctionsWebHost__hostid: randomUUID().replaceAll("-", ""),
    Data: connectionString,
    JOBS: "jobs",
    TICK: RARELY,
    ...more,
  };
}

/** Starts a host for the fixture app in this process. */
export async function startFixtureHost(
  world: World,
  options: Partial<FunctionsHostOptions> = {},
): Promise<FunctionsHost> {
  return startFunctionsHost({
    appDirectory: FIXTURE_APP,
    settings: createSettings(world),
    hostStorage: world.storage.connectionString,
    keys: { master: MASTER_KEY, host: HOST_KEY },
    blobPollSeconds: 0.1,
    ...options,
  });
}

/** Returns what the app has seen so far. */
export async function readSeen(url: string): Promise<Seen> {
  const response = await fetch(`${url}/api/seen`);
  const seen: Seen = JSON.parse(await response.text());
  return seen;
}
