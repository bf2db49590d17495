import { BlobServiceClient } from "@azure/storage-blob";
import { BLOB_AND_QUEUE_OPTIONS, type StorageAccess } from "./storage-access.ts";

/** The client of the account's blob service. */
export function createBlobClient(access: StorageAccess): BlobServiceClient {
  return access.kind === "connectionString"
    ? BlobServiceClient.fromConnectionString(access.connectionString, BLOB_AND_QUEUE_OPTIONS)
    : new BlobServiceClient(access.blobServiceUri, access.credential, BLOB_AND_QUEUE_OPTIONS);
}
