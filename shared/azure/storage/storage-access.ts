import type { TokenCredential } from "@azure/identity";
import type { Settings } from "../../settings/settings.ts";

type Connection = Settings["storage"];
type ByIdentity = Extract<Connection, { readonly kind: "identity" }>;

/** A storage account and the right to use it: what its clients are made of. */
export type StorageAccess =
  | Exclude<Connection, ByIdentity>
  | (Omit<ByIdentity, "clientId"> & { readonly credential: TokenCredential });

/** Joins what the settings say about the account to the credential of the identity that they name. */
export function createStorageAccess(
  storage: Settings["storage"],
  credentialFor: (clientId: string | null) => TokenCredential,
): StorageAccess {
  if (storage.kind === "connectionString") return storage;
  const { clientId, ...account } = storage;
  return { ...account, credential: credentialFor(clientId) };
}

/**
 * A passing problem of storage is retried for a few seconds within the invocation; a longer one
 * is left to the queue, which gives the step back later. Milliseconds.
 */
export const BLOB_AND_QUEUE_OPTIONS = {
  retryOptions: {
    maxTries: 4,
    tryTimeoutInMs: 20_000,
    retryDelayInMs: 300,
    maxRetryDelayInMs: 3_000,
  },
};

/** One try, which ends within the time that a slice of a conversion has left when it begins one. */
export const ONE_TRY_OPTIONS = { retryOptions: { maxTries: 1, tryTimeoutInMs: 20_000 } };

/** As for blobs and queues, for tables, whose client has other names for it. */
export const TABLE_OPTIONS = {
  retryOptions: { maxRetries: 3, retryDelayInMs: 300, maxRetryDelayInMs: 3_000 },
};
