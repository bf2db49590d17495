import type { ServiceErrorRule } from "./rule.ts";

/**
 * What the HTTP status alone tells. The first rule that matches counts; the last one takes what is
 * left. An operation that fails is reported with status 200, so there the code has to tell.
 * https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors
 */
export const STATUS_RULES: readonly ServiceErrorRule[] = [
  {
    statuses: ["none"],
    cause: "The connection was refused, broke or timed out, or there was no token to send.",
    fix: "The service could not be reached; the app keeps trying until its deadline.",
    retry: "later",
  },
  {
    statuses: [429],
    cause: "Too many requests for this subscription, identity or region.",
    fix: "The service throttles this subscription; upload fewer at a time, or try again later.",
    retry: "later",
  },
  {
    statuses: [408, "5xx"],
    cause: "The service failed or was too slow.",
    fix: "The service had an internal error; try again later, and quote the code to Azure support if it stays.",
    retry: "later",
  },
  {
    statuses: [401, 403],
    cause:
      "The app's identity lacks a right, or a role that it was given is not known everywhere yet.",
    fix: "Give the app's identity the right to write images in the target resource group and to read the sources; a new role takes minutes to become known.",
    retry: "few",
  },
  {
    statuses: [409],
    cause: "The image or a source is in a state that does not go with the request.",
    fix: "The source or an existing image is in a state that forbids this; see the message.",
    retry: "never",
  },
  {
    statuses: [404],
    cause: "The target or a source does not exist.",
    fix: "Check that the resource group and every source exist, in the image's region and subscription.",
    retry: "never",
  },
  {
    cause: "The service does not accept the request as it is.",
    fix: "Correct what the message names and upload again.",
    retry: "never",
  },
];
