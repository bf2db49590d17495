import type { BlobGetPropertiesResponse } from "@azure/storage-blob";
import type { TypedData } from "../core-types.ts";
import type { TriggerData } from "../functions.ts";
import { toJsonData, toStringData } from "../typed-data.ts";
import type { BlobTrigger } from "./trigger.ts";

const NO_DATE = "0001-01-01T00:00:00+00:00";
const BLOB_TYPES: readonly string[] = ["BlockBlob", "PageBlob", "AppendBlob"];

/**
 * Returns what a blob-triggered function is given: a reference to the blob when the binding is
 * deferred, else its whole content, and the metadata the host sends with either.
 */
export async function readBlobTriggerData(
  trigger: BlobTrigger,
  blobName: string,
  properties: BlobGetPropertiesResponse,
  reason: string,
): Promise<TriggerData> {
  const { container } = trigger.pattern;
  const blob = trigger.blobs.getContainerClient(container).getBlobClient(blobName);
  const tokens = Object.entries(trigger.pattern.match(blobName) ?? {});
  const input: TypedData = trigger.deferred
    ? toModelBindingData(trigger, blobName)
    : { bytes: await blob.downloadToBuffer() };
  return {
    input,
    reason,
    metadata: {
      BlobTrigger: toStringData(`${container}/${blobName}`),
      Uri: toJsonData(blob.url),
      Properties: toJsonData(toBlobProperties(properties)),
      Metadata: toJsonData(properties.metadata ?? {}),
      ...Object.fromEntries(tokens.map(([token, value]) => [token, toStringData(value)])),
    },
  };
}

function toModelBindingData(trigger: BlobTrigger, blobName: string): TypedData {
  const content = {
    Connection: trigger.connection,
    ContainerName: trigger.pattern.container,
    BlobName: blobName,
  };
  return {
    modelBindingData: {
      version: "1.0",
      source: "AzureStorageBlobs",
      contentType: "application/json",
      content: Buffer.from(JSON.stringify(content)),
    },
  };
}

/**
 * The properties as .NET serialises them, traps included: enums are numbers, `ETag` is an empty
 * object (the type has no public members), and `CopyStatus` 0 also stands for "was never copied".
 */
function toBlobProperties(properties: BlobGetPropertiesResponse): Record<string, unknown> {
  const md5 = properties.contentMD5;
  return {
    LastModified: properties.lastModified,
    CreatedOn: properties.createdOn,
    Metadata: properties.metadata ?? {},
    ObjectReplicationDestinationPolicyId: null,
    ObjectReplicationSourceProperties: null,
    BlobType: Math.max(0, BLOB_TYPES.indexOf(properties.blobType ?? "BlockBlob")),
    ...toCopyProperties(properties),
    LeaseDuration: 0,
    LeaseState: 0,
    LeaseStatus: 1,
    ContentLength: properties.contentLength ?? 0,
    ContentType: properties.contentType ?? null,
    ETag: {},
    ContentHash: md5 === undefined ? null : Buffer.from(md5).toString("base64"),
    ContentEncoding: properties.contentEncoding ?? null,
    ContentDisposition: properties.contentDisposition ?? null,
    ContentLanguage: properties.contentLanguage ?? null,
    CacheControl: properties.cacheControl ?? null,
    BlobSequenceNumber: properties.blobSequenceNumber ?? 0,
    AcceptRanges: properties.acceptRanges ?? null,
    BlobCommittedBlockCount: properties.blobCommittedBlockCount ?? 0,
    IsServerEncrypted: properties.isServerEncrypted ?? false,
    EncryptionKeySha256: null,
    EncryptionScope: null,
    AccessTier: properties.accessTier ?? null,
    AccessTierInferred: properties.accessTierInferred ?? false,
    ArchiveStatus: null,
    AccessTierChangedOn: properties.accessTierChangedOn ?? NO_DATE,
    VersionId: properties.versionId ?? null,
    IsLatestVersion: properties.isCurrentVersion ?? false,
    TagCount: properties.tagCount ?? 0,
    ExpiresOn: NO_DATE,
    IsSealed: false,
    RehydratePriority: null,
    LastAccessed: NO_DATE,
    ImmutabilityPolicy: { ExpiresOn: null, PolicyMode: null },
    HasLegalHold: false,
  };
}

const COPY_STATUSES: readonly string[] = ["pending", "success", "aborted", "failed"];

function toCopyProperties(properties: BlobGetPropertiesResponse): Record<string, unknown> {
  const status = COPY_STATUSES.indexOf(properties.copyStatus ?? "");
  return {
    CopyCompletedOn: properties.copyCompletedOn ?? NO_DATE,
    CopyStatusDescription: properties.copyStatusDescription ?? null,
    CopyId: properties.copyId ?? null,
    CopyProgress: properties.copyProgress ?? null,
    CopySource: properties.copySource ?? null,
    CopyStatus: Math.max(0, status),
    BlobCopyStatus: status === -1 ? null : status,
    IsIncrementalCopy: properties.isIncrementalCopy ?? false,
    DestinationSnapshot: properties.destinationSnapshot ?? null,
  };
}
