import { GALLERY_MISMATCH_RULES, GALLERY_TARGET_RULES } from "./gallery-rules.ts";
import { GALLERY_TRANSIENT_RULES } from "./gallery-transient-rules.ts";
import { PUBLISHING_RULES, VERSION_SOURCE_RULES } from "./publishing-rules.ts";
import { RIGHTS_RULES } from "./rights-rules.ts";
import type { ServiceErrorRule } from "./rule.ts";
import { SECURITY_RULES } from "./security-rules.ts";
import { ACCOUNT_RULES, VHD_ERROR_RULES } from "./source-rules.ts";
import { TRANSIENT_RULES } from "./transient-rules.ts";

/** What is wrong with the request. */
const REQUEST_RULES: readonly ServiceErrorRule[] = [
  {
    codes: ["InvalidParameter"],
    words: ["not accessible"],
    cause:
      "A firewall, a private endpoint, another subscription or a deleted account keeps Azure from reading the blob.",
    fix: "Give Azure Compute access to the storage account: use the same subscription, without a firewall or private endpoint in between.",
    retry: "never",
  },
  {
    codes: ["InvalidParameter"],
    words: ["blobUri"],
    cause:
      "The address is not that of a blob, has a SAS, does not end with .vhd, or Azure rejects a slash in the blob's name.",
    fix: "Copy the VHD to the root of a container under a name that ends with .vhd, and name it without a query.",
    retry: "never",
  },
  {
    codes: ["InvalidParameter"],
    words: ["hyperVGeneration"],
    cause: "The generation is missing or differs from that of the source.",
    fix: "Set 'hyperVGeneration' to that of the source: V1 (BIOS) or V2 (UEFI).",
    retry: "never",
  },
  {
    codes: ["InvalidParameter"],
    words: [
      "dataDisks.lun",
      "dataDiskImages.lun",
      "unique lun",
      "same lun",
      "duplicate lun",
      "duplicated lun",
    ],
    cause: "Two data disks have the same lun.",
    fix: "Give every data disk its own lun, from 0 to 63.",
    retry: "never",
  },
  {
    codes: ["NotFound", "ResourceNotFound"],
    cause: "A source does not exist, or is not in the image's region.",
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
    cause: "An image of that name exists, and what the request changes cannot be changed.",
    fix: "An image cannot be changed: choose another imageName, or delete the existing image.",
    retry: "never",
  },
  {
    codes: ["TargetDiskBlobAlreadyExists"],
    cause: "A blob that Azure has to write already exists.",
    fix: "Choose another name, or delete the blob that the message names.",
    retry: "never",
  },
];

/** What prevents it in the target's subscription. */
const TARGET_RULES: readonly ServiceErrorRule[] = [
  {
    codes: ["ResourceGroupNotFound"],
    cause: "The target resource group does not exist.",
    fix: "Create the resource group, or correct 'resourceGroup' or IMAGE_RESOURCE_GROUP.",
    retry: "never",
  },
  {
    codes: ["SubscriptionNotFound"],
    cause: "The subscription does not exist, or the app's identity belongs to another tenant.",
    fix: "Correct 'subscriptionId' or AZURE_SUBSCRIPTION_ID.",
    retry: "never",
  },
  {
    codes: ["MissingSubscriptionRegistration"],
    cause: "Azure Compute is not registered in this subscription.",
    fix: "Register it once with 'az provider register --namespace Microsoft.Compute --wait', then upload again.",
    retry: "never",
  },
];

/**
 * What the code tells, by itself or with words of the message; more to the point than the status.
 * The first rule that matches counts.
 * https://learn.microsoft.com/troubleshoot/azure/virtual-machines/windows/error-messages
 */
export const CODE_RULES: readonly ServiceErrorRule[] = [
  ...GALLERY_TRANSIENT_RULES,
  ...RIGHTS_RULES,
  ...SECURITY_RULES,
  ...PUBLISHING_RULES,
  ...VERSION_SOURCE_RULES,
  ...GALLERY_TARGET_RULES,
  ...GALLERY_MISMATCH_RULES,
  ...TRANSIENT_RULES,
  ...VHD_ERROR_RULES,
  ...REQUEST_RULES,
  ...ACCOUNT_RULES,
  ...TARGET_RULES,
];
