import type { ServiceErrorRule } from "./rule.ts";

/**
 * What the HTTP status alone tells. The first rule that matches counts; the last one takes what is
 * left. An operation that fails is reported with status 200, so there the code has to tell.
 * https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors
 */
export const STATUS_RULES: readonly ServiceErrorRule[] = [
  {
    statuses: ["none"],
    cause: "The connection was refused, broken or timed out, or no token was available.",
    fix: "Azure could not be reached; the app retries until its deadline.",
    retry: "later",
  },
  {
    statuses: [429],
    cause: "Too many requests for this subscription, identity or region.",
    fix: "Azure throttles this subscription; upload fewer disks at a time, or try again later.",
    retry: "later",
  },
  {
    statuses: [408, "5xx"],
    cause: "Azure failed or was too slow.",
    fix: "Azure had an internal error; try again later, and give the code to Azure support if it persists.",
    retry: "later",
  },
  {
    statuses: [401, 403],
    cause:
      "The app's identity lacks a permission, or a new role assignment has not taken effect everywhere yet.",
    fix: "Grant the app's identity permission to write images in the target resource group and to read the sources; a new role assignment takes minutes to take effect.",
    retry: "few",
  },
  {
    statuses: [409],
    cause: "The image or a source is in a state that does not allow the request.",
    fix: "The source or an existing image is in a state that forbids this; see the message.",
    retry: "never",
  },
  {
    statuses: [404],
    cause: "The target or a source does not exist.",
    fix: "Check that the resource group and every source exist in the image's region and subscription.",
    retry: "never",
  },
  {
    cause: "Azure rejected the request.",
    fix: "Correct what the message names and upload again.",
    retry: "never",
  },
];
