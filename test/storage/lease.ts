import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import {
  formatConnectionString,
  type StorageAccount,
  type StorageEndpoints,
} from "../../local/world/accounts.ts";

/** A storage account of a test's own in the emulator that all tests share. */
export interface LeasedAccount {
  readonly account: StorageAccount;
  /** The account that the examples of the API reference name; read it only. */
  readonly example: StorageAccount;
  /** Service roots, without account name. */
  readonly roots: StorageEndpoints;
  /** Service URLs, account name included. */
  readonly endpoints: StorageEndpoints;
  readonly connectionString: string;
}

/**
 * Leases an account that nobody else of this run has or had.
 * @throws Error when the run has used them all up.
 */
export function leaseAccount(): LeasedAccount {
  const { accounts, example, leaseFolder, roots } = inject("sharedStorage");
  const account = accounts.find(({ name }) => isMine(join(leaseFolder, name)));
  if (account === undefined) {
    throw new Error(`all ${accounts.length} accounts are leased: raise ACCOUNTS in setup.ts`);
  }
  const { name } = account;
  const endpoints = {
    blob: `${roots.blob}/${name}`,
    queue: `${roots.queue}/${name}`,
    table: `${roots.table}/${name}`,
  };
  const connectionString = formatConnectionString(account, endpoints);
  return { account, example, roots, endpoints, connectionString };
}

function isMine(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
