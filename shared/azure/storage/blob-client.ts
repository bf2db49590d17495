import {
  BlobServiceClient,
  newPipeline,
  type RequestPolicyFactory,
  type StoragePipelineOptions,
} from "@azure/storage-blob";
import { BLOB_AND_QUEUE_OPTIONS, ONE_TRY_OPTIONS, type StorageAccess } from "./storage-access.ts";

/**
 * Every entry of a blob's metadata is a header of each answer about the blob. The service takes 8 KiB of
 * metadata: with many short entries, their headers exceed the 16 KiB that Node.js takes by default, and
 * the blob could not be read. Bytes.
 */
const MAX_HEADER_BYTES = 256 * 1024;

/** The client of the account's blob service. */
export function createBlobClient(access: StorageAccess): BlobServiceClient {
  return createClient(access, BLOB_AND_QUEUE_OPTIONS);
}

/** The same without retries, for conversions, which slow down instead (ADR 7). */
export function createOneTryBlobClient(access: StorageAccess): BlobServiceClient {
  return createClient(access, ONE_TRY_OPTIONS);
}

function createClient(access: StorageAccess, options: StoragePipelineOptions): BlobServiceClient {
  const { url, credential } =
    access.kind === "connectionString"
      ? BlobServiceClient.fromConnectionString(access.connectionString)
      : { url: access.blobServiceUri, credential: access.credential };
  const pipeline = newPipeline(credential, options);
  pipeline.factories.push(takeLongHeaders);
  return new BlobServiceClient(url, pipeline);
}

const takeLongHeaders: RequestPolicyFactory = {
  create: (next) => ({
    sendRequest(request) {
      request.requestOverrides = {
        ...request.requestOverrides,
        maxHeaderSize: MAX_HEADER_BYTES,
      };
      return next.sendRequest(request);
    },
  }),
};
