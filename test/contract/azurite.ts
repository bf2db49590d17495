import {
  createAccount,
  formatConnectionString,
  type StorageEndpoints,
} from "../../local/world/accounts.ts";
import { startAzurite } from "../../local/world/azurite.ts";

/** A storage emulator of a test's own, in memory. */
export interface TestStorage {
  readonly connectionString: string;
  readonly account: string;
  stop(): Promise<void>;
}

/** Starts Azurite on free ports. */
export async function startTestStorage(): Promise<TestStorage> {
  const account = createAccount("teststorage");
  const azurite = startAzurite({
    ports: { blob: 0, queue: 0, table: 0 },
    accounts: [account],
    environment: process.env,
    log: () => {},
  });
  const roots = await azurite.ready;
  const endpoints: StorageEndpoints = {
    blob: `${roots.blob}/${account.name}`,
    queue: `${roots.queue}/${account.name}`,
    table: `${roots.table}/${account.name}`,
  };
  return {
    connectionString: formatConnectionString(account, endpoints),
    account: account.name,
    stop: async () => {
      await azurite.child.stop();
    },
  };
}
