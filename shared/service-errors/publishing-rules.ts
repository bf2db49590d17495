import type { ServiceErrorRule } from "./rule.ts";

const TOO_LARGE = {
  cause: "A disk is larger than 2,048 GiB, the limit of a version that is replicated in full.",
  fix: "Reduce the disk to 2,048 GiB, or set 'gallery.replicationMode' to Shallow: up to 32 TiB, one region, for tests.",
  retry: "never",
} as const;

/** What is wrong with the regions, replicas and dates of a gallery image version. */
export const PUBLISHING_RULES: readonly ServiceErrorRule[] = [
  {
    codes: ["InvalidParameter"],
    words: ["duplicate regions"],
    cause: "A region is in `targetRegions` twice; `westeurope` and `West Europe` are the same one.",
    fix: "Name each region once in 'gallery.targetRegions'.",
    retry: "never",
  },
  {
    codes: ["InvalidParameter"],
    words: ["must contain the location", "must be one of the target publishing regions"],
    cause: "The version's own region is not one of its target regions.",
    fix: "Add the version's own region to 'gallery.targetRegions'.",
    retry: "never",
  },
  {
    codes: ["InvalidParameter", "LocationNotAvailableForResourceType"],
    words: ["not a valid publishing region", "not available for resource type"],
    cause: "A target region does not exist, has no galleries, or is closed to the subscription.",
    fix: "Correct 'gallery.targetRegions'. 'az account list-locations --query [].name --output tsv' lists the regions of the subscription.",
    retry: "never",
  },
  {
    codes: ["InvalidParameter"],
    words: ["replicaCount"],
    cause: "A number of replicas is not from 1 to 100.",
    fix: "Set 'replicaCount' and each 'regionalReplicaCount' to at least 1, and to no more than 100 in total, or leave them out.",
    retry: "never",
  },
  {
    codes: ["InvalidParameter"],
    words: ["ZRS", "Standard_ZRS"],
    cause: "A target region has no availability zones, so it has no zone-redundant storage.",
    fix: "Set 'storageAccountType' of this region to Standard_LRS or Premium_LRS, or leave the region out.",
    retry: "never",
  },
  {
    codes: ["PropertyChangeNotAllowed", "InvalidParameter", "Conflict"],
    words: [
      "publishingProfile.storageAccountType",
      "storageAccountType and storageAccountStrategy",
      "targetRegions.storageAccountType",
      "different storage account type",
      "existing storage account type",
    ],
    cause:
      "The version exists with another storage type in a region, which cannot be changed, or has both a type and a strategy.",
    fix: "Use the storage type that the version has in that region, or publish a new version. Set 'storageAccountType' or 'storageAccountStrategy', not both.",
    retry: "never",
  },
  {
    codes: ["InvalidParameter"],
    words: ["EndOfLifeDate"],
    cause: "The end of life is not in the future.",
    fix: "Set 'gallery.endOfLifeDate' to a date in the future, such as 2031-01-31T00:00:00Z.",
    retry: "never",
  },
  {
    codes: ["GallerySourceResourceExceedsMaxSize"],
    ...TOO_LARGE,
  },
  {
    words: ["exceeds the max size"],
    ...TOO_LARGE,
  },
];

/** What does not fit together in the sources of a gallery image version. */
export const VERSION_SOURCE_RULES: readonly ServiceErrorRule[] = [
  {
    codes: ["InvalidParameter", "BadRequest", "CrossSubscriptionSourceNotSupported"],
    words: ["different subscription", "cross subscription", "cross-subscription"],
    cause:
      "The source is in another subscription than the gallery, in a form that does not allow it.",
    fix: "Name a virtual machine of another subscription by 'virtualMachineId'; copy an encrypted source to the subscription of the gallery.",
    retry: "never",
  },
  {
    codes: ["InvalidParameter"],
    words: ["one and only one source type", "but not in both", "directly under storageProfile"],
    cause: "The version has a source of its own, and sources of its disks too.",
    fix: "Name either one source for the whole version, or a source for each disk.",
    retry: "never",
  },
  {
    codes: ["InvalidParameter"],
    words: ["same blob", "duplicated source ids"],
    cause: "Two disks have the same source.",
    fix: "Give every disk a source of its own.",
    retry: "never",
  },
  {
    codes: ["InvalidParameter"],
    words: ["source.id", "source id", "storageAccountId", "could not find member 'uri'"],
    cause: "A blob is named by `source.id`, or by `uri` without `storageAccountId`.",
    fix: "Name a blob by 'uri' and 'storageAccountId'; 'id' is for a managed disk or a snapshot, and 'virtualMachineId' for a virtual machine.",
    retry: "never",
  },
  {
    codes: ["OperationNotAllowed"],
    words: ["Arm64"],
    cause: "A managed image cannot be for Arm64; a gallery image version can.",
    fix: `Publish the disk to a gallery instead: set "managedImage": false and 'gallery' in the manifest, with a definition of architecture Arm64 and generation V2.`,
    retry: "never",
  },
];
