import type { StoredGalleryResource } from "./gallery-model.ts";

/** Where a disk of a version comes from: a blob, or a snapshot or disk by its id. */
export interface DiskImageSource {
  readonly id?: string;
  readonly uri?: string;
  readonly storageAccountId?: string;
}

/** A disk of a version. */
export interface DiskImage {
  /** Gibibytes; set by the service at the end. */
  readonly sizeInGB?: number;
  readonly hostCaching?: string;
  readonly source?: DiskImageSource;
}

/** A data disk of a version. */
export interface DataDiskImage extends DiskImage {
  readonly lun: number;
}

/** Where a version comes from as a whole. */
export interface VersionSource {
  readonly id?: string;
  readonly virtualMachineId?: string;
  readonly communityGalleryImageId?: string;
}

/** The disks of a version. */
export interface VersionStorageProfile {
  readonly source?: VersionSource;
  readonly osDiskImage?: DiskImage;
  readonly dataDiskImages?: readonly DataDiskImage[];
}

/** How the disks of a version are encrypted in a region. */
export interface RegionEncryption {
  readonly osDiskImage?: {
    readonly diskEncryptionSetId?: string;
    readonly securityProfile?: {
      readonly confidentialVMEncryptionType?: string;
      readonly secureVMDiskEncryptionSetId?: string;
    };
  };
  readonly dataDiskImages?: readonly {
    readonly lun: number;
    readonly diskEncryptionSetId?: string;
  }[];
}

/** A region that a version is replicated to. */
export interface TargetRegion {
  readonly name: string;
  readonly regionalReplicaCount?: number;
  readonly storageAccountType?: string;
  readonly encryption?: RegionEncryption;
  readonly excludeFromLatest?: boolean;
  readonly additionalReplicaSets?: readonly {
    readonly storageAccountType?: string;
    readonly regionalReplicaCount?: number;
  }[];
}

/** How and where to a version is published. */
export interface PublishingProfile {
  readonly targetRegions?: readonly TargetRegion[];
  readonly replicaCount?: number;
  readonly excludeFromLatest?: boolean;
  readonly publishedDate?: string;
  readonly endOfLifeDate?: string;
  readonly storageAccountType?: string;
  readonly storageAccountStrategy?: string;
  readonly replicationMode?: string;
  readonly targetExtendedLocations?: readonly Readonly<Record<string, unknown>>[];
}

/** The `properties` of a version. */
export interface VersionProperties {
  readonly publishingProfile?: PublishingProfile;
  readonly storageProfile: VersionStorageProfile;
  readonly safetyProfile?: {
    readonly allowDeletionOfReplicatedLocations?: boolean;
    readonly blockDeletionBeforeEndOfLife?: boolean;
    readonly reportedForPolicyViolation?: boolean;
  };
  readonly securityProfile?: object;
  readonly restore?: boolean;
}

/** The replication of a version to one region. */
export interface StoredRegion {
  /** Short name. */
  readonly name: string;
  /** The version's looks when the replication began. */
  readonly startedAt: number;
  /** How many looks it takes. */
  readonly needs: number;
  readonly end: "Completed" | "Failed" | "Never";
  /** What is said of it when it has failed. */
  readonly details: string;
}

/** A version of the simulated service. */
export interface StoredVersion extends StoredGalleryResource<VersionProperties> {
  /** The storage profile as it will be once the version is made: with sizes. */
  readonly completedProfile: VersionStorageProfile;
  /** Looks at the version or its operations so far: the clock of its replication. */
  readonly looks: number;
  readonly regions: readonly StoredRegion[];
  /** Set on a version whose making has failed: it holds its number until it is deleted. */
  readonly isUnusable?: boolean;
}

/** A deleted version that can still be restored. */
export interface SoftDeletedVersion {
  readonly version: StoredVersion;
  /** ISO 8601. */
  readonly deletedAt: string;
}
