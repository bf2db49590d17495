import { lines } from "../disk/format/fix-commands.ts";
import type { ServiceErrorRule } from "./rule.ts";

const AGAIN = "Then upload the manifest (or the disk) again.";

/**
 * What the app's identity may not do. A role that was just assigned takes minutes to reach every front
 * end, also on what a request refers to, so all but another tenant's resources are retried a few times.
 * Rights on sources: https://learn.microsoft.com/azure/virtual-machines/image-version
 */
export const RIGHTS_RULES: readonly ServiceErrorRule[] = [
  {
    codes: ["LinkedAuthorizationFailed", "AuthorizationFailed"],
    words: ["listKeys"],
    cause:
      "The app's identity lacks `listKeys` on the storage account of the VHD, which Azure requires of whoever publishes a gallery image version from a blob. Roles for blob data do not include it.",
    fix: lines(
      "Grant the app's identity Microsoft.Storage/storageAccounts/listKeys/action on this storage account. The template does so with allowListingStorageKeys=true. To do it by hand, create a custom role with this action, and assign it:",
      `az role definition create --role-definition '{"Name":"vhd-to-image key listing","Description":"Lists the keys of a storage account","Actions":["Microsoft.Storage/storageAccounts/listKeys/action"],"AssignableScopes":["{STORAGE_GROUP_ID}"]}'`,
      "az role assignment create --assignee-object-id '{PRINCIPAL_ID}' --assignee-principal-type ServicePrincipal --role 'vhd-to-image key listing' --scope '{STORAGE_ACCOUNT_ID}'",
      "The built-in role Storage Account Contributor has the action too, and many more.",
      AGAIN,
    ),
    retry: "few",
  },
  {
    codes: ["LinkedAuthorizationFailed"],
    words: ["tenant", "linked subscription"],
    statuses: [403],
    cause:
      "A source or a disk encryption set belongs to a subscription of another tenant, which the app's identity cannot access.",
    fix: "Copy the source to a subscription of the app's own tenant, and upload the manifest again.",
    retry: "never",
  },
  {
    codes: ["LinkedAuthorizationFailed"],
    words: ["disks/write", "snapshots/write", "virtualMachines/write", "beginGetAccess"],
    cause:
      "Azure requires write access to a disk, snapshot or virtual machine of whoever publishes a gallery image version from it.",
    fix: lines(
      "Grant the app's identity, on the source, the action that the message names. The built-in role Compute Gallery Artifacts Publisher has those for disks and virtual machines; a snapshot requires a custom role with Microsoft.Compute/snapshots/write.",
      AGAIN,
    ),
    retry: "few",
  },
  {
    codes: ["AuthorizationFailed"],
    words: ["capsOperations"],
    cause:
      "The app's identity lacks Microsoft.Compute/locations/capsOperations/read, with which it follows the operations of galleries.",
    fix: lines(
      "Grant the app's identity Microsoft.Compute/locations/capsOperations/read in the subscription of the gallery; the custom role 'operation reader' of the template has it, and so has the built-in Compute Gallery Artifacts Publisher.",
      AGAIN,
    ),
    retry: "few",
  },
  {
    codes: ["AuthorizationFailed", "LinkedAuthorizationFailed"],
    words: ["Microsoft.Compute/galleries"],
    cause:
      "The app's identity lacks a permission on the gallery, or a new role assignment has not taken effect everywhere yet.",
    fix: lines(
      "Grant the app's identity the built-in role Compute Gallery Artifacts Publisher on the gallery:",
      "az role assignment create --assignee-object-id '{PRINCIPAL_ID}' --assignee-principal-type ServicePrincipal --role 'Compute Gallery Artifacts Publisher' --scope '{GALLERY_ID}'",
      "A new role assignment takes up to ten minutes to take effect.",
      AGAIN,
    ),
    retry: "few",
  },
  {
    codes: ["AuthorizationFailed", "LinkedAuthorizationFailed"],
    cause:
      "The app's identity lacks a permission, or a new role assignment has not taken effect everywhere yet.",
    fix: "Grant the app's identity permission to write images in the target resource group and to read the sources; a new role assignment takes minutes to take effect.",
    retry: "few",
  },
];
