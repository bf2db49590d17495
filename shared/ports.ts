import type { BlobPage, BlobProperties, PageRanges } from "./blob-properties.ts";
import type { ServiceErrorParts } from "./errors.ts";
import type { CloudEvent } from "./events.ts";
import type { BlobRef, ImageDraft, ImageRequest } from "./image/image-request.ts";
import type { ResourceSource } from "./image/resource-sources.ts";
import type { RequestRecord } from "./record/record.ts";
import type { RequestState } from "./record/states.ts";
import type { StoredRecord } from "./record/stored-record.ts";
import type { RecordRemoval } from "./record-removal.ts";
import type { VersionClaims } from "./version-claims.ts";
import type { Architecture, Generation, OsType } from "./vocabulary.ts";

export type {
  BlobPage,
  BlobProperties,
  BlobType,
  CopyStatus,
  PageRange,
  PageRanges,
} from "./blob-properties.ts";
export type { StoredRecord } from "./record/stored-record.ts";

/** What the stages need of the world. Adapters are in `azure/`, in-memory ones in the tests. */

export interface BlobStore {
  /** The properties, or null when the blob does not exist. */
  getProperties(ref: BlobRef): Promise<BlobProperties | null>;
  /**
   * Bytes of a blob, at most `count` from `offset`, of the version with this ETag.
   * @throws BlobChangedError when the blob changed or vanished.
   */
  read(ref: BlobRef, range: { offset: number; count: number; etag: string }): Promise<Uint8Array>;
  /**
   * Where a page blob of this ETag was written from `offset` (0) on, in ascending order and merged, the first
   * `limit` ranges, at most 4,999.
   * @throws BlobChangedError when the blob changed or vanished.
   */
  listPageRanges(
    ref: BlobRef,
    options: { readonly etag: string; readonly limit: number; readonly offset?: number },
  ): Promise<PageRanges>;
  /** One page of a container in the order of names. */
  list(container: string, options: { prefix?: string; cursor?: string | null }): Promise<BlobPage>;
}

export interface RecordQuery {
  readonly state?: RequestState;
  readonly source?: string;
  readonly image?: string;
  readonly limit: number;
  readonly cursor?: string;
}

export interface RecordPage {
  readonly records: readonly RequestRecord[];
  readonly nextCursor: string | null;
}

/** A manifest's word that a blob is one of its disks. */
export interface Claim {
  readonly blob: BlobRef;
  readonly requestId: string;
}

export interface RecordStore extends RecordRemoval, VersionClaims {
  /** Opens a record; false when there is one with this id. */
  create(record: RequestRecord): Promise<boolean>;
  get(requestId: string): Promise<StoredRecord | null>;
  /**
   * Replaces a record and returns its new ETag.
   * @throws RecordConflictError when it was saved by another invocation in the meantime since `base` was read.
   */
  save(record: RequestRecord, base: StoredRecord): Promise<string>;
  /**
   * Newest first. The work for one page does not grow with the number of records.
   * @throws BadQueryError for a cursor that this query did not give out.
   */
  list(query: RecordQuery): Promise<RecordPage>;
  /** Ids of records whose next step was due before the given time, the most overdue first. */
  listDue(before: Date, limit: number): Promise<readonly string[]>;
  putClaim(claim: Claim): Promise<void>;
  /** Ids of the requests that claim a blob; names that differ by case only are one. */
  listClaims(blob: BlobRef): Promise<readonly string[]>;
  /**
   * Remembers the name of an uploaded disk, as it is spelt. `family` is what its name has in common with
   * those of the disks that belong to it, and with other spellings.
   */
  putDiskName(blob: BlobRef, family: string): Promise<void>;
  /** Names of disks of a family that were ever uploaded, at most a hundred. */
  listDiskNames(container: string, family: string): Promise<readonly string[]>;
  /** A small note that outlives the process, such as how far the sweep came; null when never set. */
  getNote(key: string): Promise<string | null>;
  putNote(key: string, value: string): Promise<void>;
  /** Puts a note if it has the value that was read (null: none); false when somebody else was faster. */
  swapNote(key: string, from: string | null, to: string): Promise<boolean>;
}

/** Asks for the next step of a request; without a step number for whichever is next, now. */
export interface WorkMessage {
  readonly requestId: string;
  readonly step?: number;
  /** The span that the steps of the request belong to, for a record that does not know it. */
  readonly traceparent?: string;
}

export interface WorkQueue {
  send(message: WorkMessage, delaySeconds: number): Promise<void>;
}

export interface StatusPeek {
  readonly approximateMessageCount: number;
  readonly messages: readonly unknown[];
}

export interface StatusQueue {
  publish(event: CloudEvent): Promise<void>;
  /** The messages at the head of the queue, left where they are. */
  peek(): Promise<StatusPeek>;
}

/** A resource that exists where a request wants to make one. */
export interface FoundOutput {
  readonly id: string;
  /** How Azure stands with it. */
  readonly state: "succeeded" | "failed" | "canceled" | "working";
  /** Paths at which it differs from what the request asks for; none means that it equals it. */
  readonly differences: readonly string[];
}

/** How a long-running operation stands. `gone`: the service no longer knows it. */
export type OperationStatus =
  | { readonly status: "running"; readonly retryAfterSeconds: number | null }
  | { readonly status: "succeeded" }
  | { readonly status: "gone" }
  | { readonly status: "canceled" }
  | { readonly status: "failed"; readonly error: ServiceErrorParts };

/** A call to Resource Manager that would change something, and was not sent. */
export interface PlannedCall {
  readonly method: string;
  /** Whole, with the API version. */
  readonly url: string;
  /** Parsed; `JSON.stringify` gives the bytes that would be sent. Null for a call without a body. */
  readonly body: unknown;
}

export type ImageTarget = Pick<ImageRequest, "subscriptionId" | "resourceGroup" | "imageName">;

/** The image part of the Resource Manager API. Every method throws ServiceError. */
export interface ImageService {
  /** The image of this name, compared with the request; null when it does not exist. */
  find(request: ImageDraft): Promise<FoundOutput | null>;
  /** Sends the PUT once and returns the URL of the operation, null when the answer named none. */
  create(request: ImageRequest): Promise<{ readonly operationUrl: string | null }>;
  /** Asks once how the operation stands. */
  poll(target: ImageTarget, operationUrl: string): Promise<OperationStatus>;
}

/** What a snapshot, managed disk or virtual machine says about itself; null where it does not. */
export interface SourceFacts {
  /** As the service spells it: `westeurope`, `West Europe`. */
  readonly location: string | null;
  readonly osType: OsType | null;
  readonly hyperVGeneration: Generation | null;
  readonly architecture: Architecture | null;
  /** `TrustedLaunch`, `ConfidentialVM…`; null for the usual kind too. */
  readonly securityType: string | null;
  /** Of the disk, in GiB; null for machines. */
  readonly sizeGib: number | null;
  /** Null for disks and snapshots. */
  readonly machine: MachineState | null;
}

/** How a virtual machine stands. */
export interface MachineState {
  /** Whether it is marked as generalized; null when the answer has no instance view. */
  readonly isGeneralized: boolean | null;
  /** `running`, `stopped`, `deallocated` and so on, in lower case; null when unknown. */
  readonly powerState: string | null;
}

/** What images are made from, other than blobs. */
export interface SourceService {
  /**
   * Reads a resource once; null when there is none with this id.
   * @throws ServiceError for every other error, also for a right that is missing (status 403).
   */
  read(source: Pick<ResourceSource, "kind" | "id">): Promise<SourceFacts | null>;
}

/** Structured log: an event name with dots, and fields. */
export interface Logger {
  info(event: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(event: string, fields?: Readonly<Record<string, unknown>>): void;
  error(event: string, fields?: Readonly<Record<string, unknown>>): void;
}

export type Clock = () => Date;
