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
    cause: "Another operation works on the image or on a source.",
    fix: "Another operation holds the image or a source; wait for its end and upload again.",
    retry: "later",
  },
  {
    codes: ["AnotherOperationInProgress"],
    cause: "Another operation works on the image or on a source.",
    fix: "Another operation holds the image or a source; wait for its end and upload again.",
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
    fix: "The service throttles this subscription; upload fewer at a time, or try again later.",
    retry: "later",
  },
  {
    codes: ["StorageAccountTooBusy", "StorageAccountOperationInternalError"],
    cause: "The storage account of a VHD was too busy.",
    fix: "The service had a passing problem with the storage account; upload the manifest (or the VHD) again.",
    retry: "later",
  },
  {
    codes: ["InternalOperationError", "InternalServerError", "RetryableError"],
    cause: "The service had an internal error.",
    fix: "The service had a passing problem; upload the manifest (or the VHD) again.",
    retry: "later",
  },
  {
    codes: ["ResourceUpdateBlockedOnPlatformUpdate"],
    cause: "The platform itself is being updated.",
    fix: "Azure is at work on a resource that is involved; upload the manifest (or the VHD) again later.",
    retry: "later",
  },
];
