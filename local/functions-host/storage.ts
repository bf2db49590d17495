import { BlobServiceClient } from "@azure/storage-blob";
import { QueueServiceClient } from "@azure/storage-queue";
import { describeError, FunctionIndexingError } from "./errors.ts";

/** Opens the storage accounts that connection strings name, each client once. */
export interface StorageAccounts {
  blobs(connectionString: string): BlobServiceClient;
  queues(connectionString: string): QueueServiceClient;
}

/** A local emulator answers at once or not at all, so retries stay few and short. */
const RETRY = { maxTries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 1000 };

/** Returns a cache of storage clients. */
export function createStorageAccounts(): StorageAccounts {
  const blobs = new Map<string, BlobServiceClient>();
  const queues = new Map<string, QueueServiceClient>();
  return {
    blobs: (connectionString) =>
      getOrCreate(blobs, connectionString, () =>
        connect(() =>
          BlobServiceClient.fromConnectionString(connectionString, { retryOptions: RETRY }),
        ),
      ),
    queues: (connectionString) =>
      getOrCreate(queues, connectionString, () =>
        connect(() =>
          QueueServiceClient.fromConnectionString(connectionString, { retryOptions: RETRY }),
        ),
      ),
  };
}

/** A connection string that says nothing puts the functions that name it in error, not the host. */
function connect<T>(create: () => T): T {
  try {
    return create();
  } catch (error) {
    throw new FunctionIndexingError(
      `The connection is not a storage connection string: ${describeError(error)}`,
    );
  }
}

function getOrCreate<T>(cache: Map<string, T>, key: string, create: () => T): T {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const created = create();
  cache.set(key, created);
  return created;
}
