import type { ServiceErrorRule } from "./rule.ts";

/**
 * What passes by itself. The same code means both with `OperationNotAllowed` and `Conflict`: only the
 * words tell an image that is busy from one that must not be touched.
 */
export const TRANSIENT_RULES: readonly ServiceErrorRule[] = [
  {
    statuses: [409],
    words: [
      "another operation",
      "in progress",
      "being created",
      "being updated",
      "being deleted",
      "currently being",
    ],
    cause: "Another operation is in progress on the image or on a source.",
    fix: "Another operation is in progress on the image or on a source; wait until it has ended, and upload again.",
    retry: "later",
  },
  {
    codes: ["AnotherOperationInProgress"],
    cause: "Another operation is in progress on the image or on a source.",
    fix: "Another operation is in progress on the image or on a source; wait until it has ended, and upload again.",
    retry: "later",
  },
  {
    codes: ["AcquireDiskLeaseFailed", "DiskImageNotReady"],
    cause: "The blob is leased, or still being copied.",
    fix: "Wait until the copy of the VHD has ended, or break the lease on the blob, and upload again.",
    retry: "later",
  },
  {
    codes: ["TooManyRequests", "SubscriptionRequestsThrottled", "ResourceRequestsThrottled"],
    cause: "Too many requests for this subscription, identity or region.",
    fix: "Azure throttles this subscription; upload fewer disks at a time, or try again later.",
    retry: "later",
  },
  {
    codes: ["StorageAccountTooBusy", "StorageAccountOperationInternalError"],
    cause: "A VHD's storage account was too busy.",
    fix: "Azure had a temporary problem with the storage account; upload the manifest (or the VHD) again.",
    retry: "later",
  },
  {
    codes: ["InternalOperationError", "InternalServerError", "RetryableError"],
    cause: "Azure had an internal error.",
    fix: "Azure had a temporary problem; upload the manifest (or the VHD) again.",
    retry: "later",
  },
  {
    codes: ["ResourceUpdateBlockedOnPlatformUpdate"],
    cause: "Azure itself is being updated.",
    fix: "Azure is updating a resource that the request uses; upload the manifest (or the VHD) again later.",
    retry: "later",
  },
];
