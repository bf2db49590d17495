import { type StorageFront, startStorageFront } from "../storage-front/index.ts";
import {
  createAccount,
  EMULATOR_ACCOUNT,
  EXAMPLE_ACCOUNT_NAME,
  formatConnectionString,
  type StorageAccount,
  type StorageEndpoints,
} from "./accounts.ts";
import { type AzuriteOptions, startAzurite } from "./azurite.ts";
import type { PartScope } from "./part-scope.ts";
import { seedBlobs } from "./seed-blobs.ts";

export type Storage = {
  /** Root of the blob service, without account name. */
  readonly blobRoot: string;
  /** Roots of all three services, without account name. */
  readonly roots: StorageEndpoints;
  /** Other roots under which the app reaches the same service, e.g. that of a proxy. */
  readonly blobAliases?: readonly string[];
  readonly accounts: readonly StorageAccount[];
  /** Service URLs of the app's own account, account name included. */
  readonly endpoints: StorageEndpoints;
  readonly connectionString: string;
  /** What answers Put Page From URL; absent where the emulator runs elsewhere. */
  readonly front?: StorageFront;
};

export type StorageOptions = Omit<AzuriteOptions, "accounts">;

/** A storage emulator that runs already, and the accounts in it. */
export type RunningStorage = {
  /** Service roots, without account name. */
  readonly roots: StorageEndpoints;
  /** The app's own account. */
  readonly account: StorageAccount;
  /** The account that the examples of the images API reference name, filled already. */
  readonly example: StorageAccount;
};

/**
 * Starts the storage emulator with two accounts, the app's own and the one that the examples of the
 * images API reference name, and fills the latter.
 */
export async function startStorage(options: StorageOptions, scope: PartScope): Promise<Storage> {
  const example = createAccount(EXAMPLE_ACCOUNT_NAME);
  const accounts = [EMULATOR_ACCOUNT, example];
  // Clients reach the blob service by way of the front, which has the port that they know.
  const ports = { ...options.ports, blob: 0 };
  const azurite = startAzurite({ ...options, ports, accounts });
  scope.cleanup.add(() => azurite.child.stop());
  void azurite.child.exited.then(scope.reportDeath);
  const emulator = await azurite.ready;
  const front = await startStorageFront({
    upstream: emulator.blob,
    accounts,
    port: options.ports.blob,
  });
  scope.cleanup.add(() => front.close());
  const roots = { ...emulator, blob: front.root };
  await seedBlobs(roots.blob, example);
  return { ...describeStorage({ roots, account: EMULATOR_ACCOUNT, example }), front };
}

/** Says how the accounts of a running emulator are reached. */
export function describeStorage({ roots, account, example }: RunningStorage): Storage {
  const endpoints = addAccountName(roots, account.name);
  return {
    blobRoot: roots.blob,
    roots,
    accounts: [account, example],
    endpoints,
    connectionString: formatConnectionString(account, endpoints),
  };
}

function addAccountName(roots: StorageEndpoints, name: string): StorageEndpoints {
  return {
    blob: `${roots.blob}/${name}`,
    queue: `${roots.queue}/${name}`,
    table: `${roots.table}/${name}`,
  };
}
