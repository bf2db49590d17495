import { leaseAccount } from "../storage/lease.ts";

/** A storage account of a test's own, in memory. */
export interface TestStorage {
  readonly connectionString: string;
  readonly account: string;
}

/** An account of the emulator that all tests share. */
export function leaseTestStorage(): TestStorage {
  const { account, connectionString } = leaseAccount();
  return { connectionString, account: account.name };
}
