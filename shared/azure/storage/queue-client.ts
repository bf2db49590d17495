import { QueueServiceClient } from "@azure/storage-queue";
import { BLOB_AND_QUEUE_OPTIONS, type StorageAccess } from "./storage-access.ts";

/** The client of the account's queue service. */
export function createQueueClient(access: StorageAccess): QueueServiceClient {
  return access.kind === "connectionString"
    ? QueueServiceClient.fromConnectionString(access.connectionString, BLOB_AND_QUEUE_OPTIONS)
    : new QueueServiceClient(access.queueServiceUri, access.credential, BLOB_AND_QUEUE_OPTIONS);
}
