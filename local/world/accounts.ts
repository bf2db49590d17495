import { randomBytes } from "node:crypto";

/** A storage account of the local world. */
export type StorageAccount = {
  readonly name: string;
  /** Base64, as the services expect it. */
  readonly key: string;
};

/** The URLs of one account's services, without a trailing slash. */
export type StorageEndpoints = {
  readonly blob: string;
  readonly queue: string;
  readonly table: string;
};

/**
 * The account and key that every Azure storage emulator has, which tools know as
 * `UseDevelopmentStorage=true`. Public by design
 * (https://learn.microsoft.com/azure/storage/common/storage-connect-azurite).
 */
export const EMULATOR_ACCOUNT: StorageAccount = {
  name: "devstoreaccount1",
  key: "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
};

/** Name of the account that the examples of the images API reference refer to. */
export const EXAMPLE_ACCOUNT_NAME = "mystorageaccount";

/** Returns an account with a random key. */
export function createAccount(name: string): StorageAccount {
  return { name, key: randomBytes(64).toString("base64") };
}

/** Returns the connection string of an account that is reached at the given URLs. */
export function formatConnectionString(
  account: StorageAccount,
  endpoints: StorageEndpoints,
): string {
  return [
    "DefaultEndpointsProtocol=http",
    `AccountName=${account.name}`,
    `AccountKey=${account.key}`,
    `BlobEndpoint=${endpoints.blob}`,
    `QueueEndpoint=${endpoints.queue}`,
    `TableEndpoint=${endpoints.table}`,
  ]
    .map((part) => `${part};`)
    .join("");
}
