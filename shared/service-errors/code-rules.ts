import type { ServiceErrorRule } from "./rule.ts";
import { ACCOUNT_RULES, VHD_ERROR_RULES } from "./source-rules.ts";
import { TRANSIENT_RULES } from "./transient-rules.ts";

/** What is wrong with the request. */
const REQUEST_RULES: readonly ServiceErrorRule[] = [
  {
    codes: ["InvalidParameter"],
    words: ["not accessible"],
    cause:
      "A firewall, a private endpoint, another subscription or a deleted account keeps the service from the blob.",
    fix: "Let the Compute service reach the storage account: same subscription, no firewall or private endpoint in the way.",
    retry: "never",
  },
  {
    codes: ["InvalidParameter"],
    words: ["blobUri"],
    cause:
      "The address is none of a blob, carries a SAS, does not end with .vhd, or the service dislikes a slash in the blob's name.",
    fix: "Copy the VHD to the root of a container under a name that ends with .vhd, and name it without a query.",
    retry: "never",
  },
  {
    codes: ["InvalidParameter"],
    words: ["hyperVGeneration"],
    cause: "The generation is missing, or is not that of the source.",
    fix: "Set 'hyperVGeneration' to V1 (boots by BIOS) or V2 (UEFI), as the source has it.",
    retry: "never",
  },
  {
    codes: ["InvalidParameter"],
    words: ["dataDisks.lun", "unique lun", "same lun", "duplicate lun"],
    cause: "Two data disks have the same lun.",
    fix: "Give every data disk a lun of its own, from 0 to 63.",
    retry: "never",
  },
  {
    codes: ["NotFound", "ResourceNotFound"],
    cause: "A source does not exist, or not in the image's region.",
    fix: "Check the resource id of every source, and that it is in the image's region and subscription.",
    retry: "never",
  },
  {
    codes: ["OperationNotAllowed"],
    words: ["generaliz", "deallocat", "stopped"],
    cause: "The virtual machine is running, or not marked as generalized.",
    fix: "Generalize the virtual machine (sysprep or waagent -deprovision), deallocate it, mark it with 'az vm generalize', and upload the manifest again.",
    retry: "never",
  },
  {
    codes: ["PropertyChangeNotAllowed", "Conflict"],
    cause: "An image of that name is there, and what the request changes cannot be changed.",
    fix: "An image cannot be changed: choose another imageName, or delete the existing image.",
    retry: "never",
  },
  {
    codes: ["TargetDiskBlobAlreadyExists"],
    cause: "A blob that the service wants to write is there already.",
    fix: "Choose another name, or delete the blob that the message names.",
    retry: "never",
  },
];

/** What stands in the way in the target's subscription. */
const TARGET_RULES: readonly ServiceErrorRule[] = [
  {
    codes: ["ResourceGroupNotFound"],
    cause: "The target resource group does not exist.",
    fix: "Create the resource group, or correct 'resourceGroup' or IMAGE_RESOURCE_GROUP.",
    retry: "never",
  },
  {
    codes: ["SubscriptionNotFound"],
    cause: "The subscription does not exist, or the app's identity is of another tenant.",
    fix: "Correct 'subscriptionId' or AZURE_SUBSCRIPTION_ID.",
    retry: "never",
  },
  {
    codes: ["MissingSubscriptionRegistration"],
    cause: "Nobody has used Azure Compute in this subscription before.",
    fix: "Register it once with 'az provider register --namespace Microsoft.Compute --wait', then upload again.",
    retry: "never",
  },
  {
    codes: ["AuthorizationFailed", "LinkedAuthorizationFailed"],
    cause: "The app's identity lacks a right, or a new role has not reached every front end yet.",
    fix: "Give the app's identity the right to write images in the target resource group and to read the sources; a new role takes minutes to become known.",
    retry: "few",
  },
];

/**
 * What the code tells, by itself or with words of the message; more to the point than the status.
 * The first rule that matches counts.
 * https://learn.microsoft.com/troubleshoot/azure/virtual-machines/windows/error-messages
 */
export const CODE_RULES: readonly ServiceErrorRule[] = [
  ...TRANSIENT_RULES,
  ...VHD_ERROR_RULES,
  ...REQUEST_RULES,
  ...ACCOUNT_RULES,
  ...TARGET_RULES,
];
