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
  const azurite = startAzurite({ ...options, accounts: [EMULATOR_ACCOUNT, example] });
  scope.cleanup.add(() => azurite.child.stop());
  void azurite.child.exited.then(scope.reportDeath);
  const roots = await azurite.ready;
  await seedBlobs(roots.blob, example);
  return describeStorage({ roots, account: EMULATOR_ACCOUNT, example });
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
