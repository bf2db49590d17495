import type { GalleryRequest } from "./image/gallery-request.ts";
import type { FoundOutput, OperationStatus, SourceFacts } from "./ports.ts";

/** What an image definition says; null where it does not. Words in the service's spelling. */
export interface DefinitionFacts {
  readonly id: string;
  /** `working` also while it is being changed or deleted. */
  readonly state: "succeeded" | "failed" | "working";
  readonly osType: string | null;
  readonly osState: string | null;
  readonly hyperVGeneration: string | null;
  readonly architecture: string | null;
  /** `Standard` too where the definition says nothing. */
  readonly securityType: string;
}

/** How a version stands in one region. */
export interface RegionProgress {
  /** Display name, such as `West Europe`. */
  readonly region: string;
  readonly state: string;
  /** 0 to 100. */
  readonly progress: number;
  readonly details: string;
}

/** How far the replication of a version has come. */
export interface Replication {
  readonly aggregatedState: string;
  readonly regions: readonly RegionProgress[];
}

/** An image version as it is. */
export interface FoundVersion {
  readonly id: string;
  /** `deleting`: it will be gone. */
  readonly state: FoundOutput["state"] | "deleting";
  readonly tags: Readonly<Record<string, string>>;
  readonly replication: Replication;
  /** As the service answered. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** A storage account, where it is. */
export interface AccountFacts {
  readonly id: string;
  readonly location: string | null;
}

/** What a managed image or another version says about itself. */
export type ImageFacts = Omit<SourceFacts, "machine"> & { readonly osState: string | null };

/** The gallery part of the Resource Manager API. Every method throws ServiceError. */
export interface GalleryService {
  /** The definition of a version; null when it does not exist although its gallery does. */
  findDefinition(gallery: GalleryRequest): Promise<DefinitionFacts | null>;
  /** Sends the PUT of a definition once. */
  createDefinition(gallery: GalleryRequest, body: unknown): Promise<void>;
  /** Names of all versions of a definition, in any state, those that can be restored included. */
  listVersions(gallery: GalleryRequest): Promise<readonly string[]>;
  /** A version with its replication; null when it does not exist. */
  findVersion(gallery: GalleryRequest, version: string): Promise<FoundVersion | null>;
  /** Sends the PUT of a version once; `isNew` is false when a version of that number was changed. */
  createVersion(
    gallery: GalleryRequest,
    version: string,
    body: unknown,
  ): Promise<{ readonly operationUrl: string | null; readonly isNew: boolean }>;
  /** Sends the DELETE of a version once. */
  deleteVersion(gallery: GalleryRequest, version: string): Promise<void>;
  /** Asks once how the operation stands. */
  poll(gallery: GalleryRequest, operationUrl: string): Promise<OperationStatus>;
  /** The storage account of that name in a subscription; null when it is not, or may not be, seen there. */
  findAccount(subscriptionId: string, name: string): Promise<AccountFacts | null>;
  /** A managed image or a version that is to be published from; null when it does not exist. */
  readSource(source: NonNullable<GalleryRequest["source"]>): Promise<ImageFacts | null>;
}
