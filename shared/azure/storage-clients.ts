import { TableClient } from "@azure/data-tables";
import type { TokenCredential } from "@azure/identity";
import { BlobServiceClient } from "@azure/storage-blob";
import { QueueServiceClient } from "@azure/storage-queue";
import type { Settings } from "../settings.ts";

/** The clients of the one storage account, each made once per process. */
export interface StorageClients {
  readonly blobs: BlobServiceClient;
  readonly queues: QueueServiceClient;
  readonly table: TableClient;
}

/**
 * A passing problem of storage is tried again for a few seconds within the invocation; a longer one
 * is left to the queue, which gives the step back later. Milliseconds.
 */
const BLOB_AND_QUEUE_RETRIES = {
  maxTries: 4,
  tryTimeoutInMs: 20_000,
  retryDelayInMs: 300,
  maxRetryDelayInMs: 3_000,
};
const TABLE_RETRIES = { maxRetries: 3, retryDelayInMs: 300, maxRetryDelayInMs: 3_000 };

/** Clients for the account by connection string, or by identity with the given credential. */
export function createStorageClients(
  settings: Pick<Settings, "storage" | "requestTable">,
  createCredential: (clientId: string | null) => TokenCredential,
): StorageClients {
  const { storage, requestTable } = settings;
  const blobOptions = { retryOptions: BLOB_AND_QUEUE_RETRIES };
  const tableOptions = { retryOptions: TABLE_RETRIES };
  if (storage.kind === "connectionString") {
    const { connectionString } = storage;
    return {
      blobs: BlobServiceClient.fromConnectionString(connectionString, blobOptions),
      queues: QueueServiceClient.fromConnectionString(connectionString, blobOptions),
      table: TableClient.fromConnectionString(connectionString, requestTable, {
        ...tableOptions,
        allowInsecureConnection: isLoopback(connectionString),
      }),
    };
  }
  const credential = createCredential(storage.clientId);
  return {
    blobs: new BlobServiceClient(storage.blobServiceUri, credential, blobOptions),
    queues: new QueueServiceClient(storage.queueServiceUri, credential, blobOptions),
    table: new TableClient(storage.tableServiceUri, requestTable, credential, tableOptions),
  };
}

/** Creates what is missing of container, queues and table. */
export async function createMissingStorage(
  clients: StorageClients,
  settings: Pick<Settings, "uploadsContainer" | "workQueue" | "statusQueue">,
): Promise<void> {
  await Promise.all([
    clients.blobs.getContainerClient(settings.uploadsContainer).createIfNotExists(),
    clients.queues.getQueueClient(settings.workQueue).createIfNotExists(),
    clients.queues.getQueueClient(settings.statusQueue).createIfNotExists(),
    clients.table.createTable(),
  ]);
}

/** Plain http is for the emulator on this machine only. */
function isLoopback(connectionString: string): boolean {
  return (
    /TableEndpoint=http:\/\/(?:127\.0\.0\.1|localhost)[:/]/i.test(connectionString) ||
    /UseDevelopmentStorage=true/i.test(connectionString)
  );
}
