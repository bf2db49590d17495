import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startStorageFront } from "../../local/storage-front/index.ts";
import {
  createAccount,
  EXAMPLE_ACCOUNT_NAME,
  type StorageAccount,
  type StorageEndpoints,
} from "../../local/world/accounts.ts";
import { startAzurite } from "../../local/world/azurite.ts";
import { seedBlobs } from "../../local/world/seed-blobs.ts";

/** One storage emulator for the whole run: starting one costs seconds, an account in it nothing. */
export interface SharedStorage {
  /** Service roots, without account name. */
  readonly roots: StorageEndpoints;
  /** Another root of the blob service, by way of the front that knows Put Page From URL. */
  readonly frontRoot: string;
  /** The account that the examples of the API reference name; all tests see the same one. */
  readonly example: StorageAccount;
  /** Accounts to lease, each by one test file or world alone. */
  readonly accounts: readonly StorageAccount[];
  /** Folder in which a lease is a folder with the account's name: making one is atomic. */
  readonly leaseFolder: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    sharedStorage: SharedStorage;
  }
}

/** More than there are test files and worlds; a run in which they run out fails with a message. */
const ACCOUNTS = 250;

let running: Promise<{ storage: SharedStorage; stop: () => Promise<void> }> | undefined;
let users = 0;

/** Starts the emulator for the first project of the run that asks. */
export async function setup(project: TestProject): Promise<void> {
  users += 1;
  running ??= start();
  project.provide("sharedStorage", (await running).storage);
}

/** Stops the emulator after the last project. */
export async function teardown(): Promise<void> {
  users -= 1;
  if (users > 0) return;
  await (await running)?.stop();
  running = undefined;
}

async function start(): Promise<{ storage: SharedStorage; stop: () => Promise<void> }> {
  const accounts = Array.from({ length: ACCOUNTS }, (_, index) =>
    createAccount(`test${String(index).padStart(4, "0")}`),
  );
  const example = createAccount(EXAMPLE_ACCOUNT_NAME);
  const azurite = startAzurite({
    ports: { blob: 0, queue: 0, table: 0 },
    accounts: [...accounts, example],
    environment: process.env,
    log: () => {},
  });
  const emulator = await azurite.ready;
  const front = await startStorageFront({
    upstream: emulator.blob,
    accounts: [...accounts, example],
  });
  await seedBlobs(emulator.blob, example);
  const leaseFolder = await mkdtemp(join(tmpdir(), "vhd-to-image-accounts-"));
  const stop = async (): Promise<void> => {
    await front.close();
    await azurite.child.stop();
    await rm(leaseFolder, { recursive: true, force: true });
  };
  const storage = { roots: emulator, frontRoot: front.root, example, accounts, leaseFolder };
  return { storage, stop };
}
