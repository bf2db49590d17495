import { leaseAccount } from "../../../storage/lease.ts";

/** A storage account of a test file's own in the emulator that all tests share. */
export interface TestStorage {
  readonly connectionString: string;
}

export function leaseTestStorage(): TestStorage {
  return { connectionString: leaseAccount().connectionString };
}
