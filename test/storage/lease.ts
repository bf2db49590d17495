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
 * @param path How its blobs are reached: only the front knows Put Page From URL, and each request by
 * way of it is passed on by another process.
 * @throws Error when the run has used them all up.
 */
export function leaseAccount(path: "direct" | "front" = "direct"): LeasedAccount {
  const { accounts, example, leaseFolder, ...storage } = inject("sharedStorage");
  const roots = path === "front" ? { ...storage.roots, blob: storage.frontRoot } : storage.roots;
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
