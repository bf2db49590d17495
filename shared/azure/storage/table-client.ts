import { TableClient } from "@azure/data-tables";
import { type StorageAccess, TABLE_OPTIONS } from "./storage-access.ts";

/** The client of one table of the account. */
export function createTableClient(access: StorageAccess, table: string): TableClient {
  if (access.kind === "identity") {
    return new TableClient(access.tableServiceUri, table, access.credential, TABLE_OPTIONS);
  }
  return TableClient.fromConnectionString(access.connectionString, table, {
    ...TABLE_OPTIONS,
    allowInsecureConnection: isLoopback(access.connectionString),
  });
}

/** Plain http is for the emulator on this machine only. */
function isLoopback(connectionString: string): boolean {
  return (
    /TableEndpoint=http:\/\/(?:127\.0\.0\.1|localhost)[:/]/i.test(connectionString) ||
    /UseDevelopmentStorage=true/i.test(connectionString)
  );
}
