import type { ServiceErrorRule } from "./rule.ts";

/**
 * What does not fit together in security types and encryption of a gallery image version.
 * https://learn.microsoft.com/azure/virtual-machines/trusted-launch
 */
export const SECURITY_RULES: readonly ServiceErrorRule[] = [
  {
    codes: ["InvalidParameter"],
    words: ["TrustedLaunchSupported", "ConfidentialVmSupported"],
    cause:
      "A definition with TrustedLaunchSupported takes a VHD, a managed image or a version, not a disk, a snapshot or a virtual machine.",
    fix: "Publish from a VHD, or publish to a definition whose SecurityType is TrustedLaunch.",
    retry: "never",
  },
  {
    codes: ["InvalidParameter"],
    words: [
      "securityProfile.type must be specified",
      "encryption type must be specified",
      "securityProfile.confidentialVMEncryptionType must be specified",
    ],
    cause: "The definition is for confidential machines, and a region has no encryption type.",
    fix: "Set 'encryption.osDiskImage.securityProfile.confidentialVMEncryptionType' of every target region.",
    retry: "never",
  },
  {
    codes: ["InvalidParameter"],
    words: ["only the home region", "outside of the source's region"],
    cause:
      "A version for confidential machines can leave its own region with NonPersistedTPM only.",
    fix: "Publish to the version's own region only, or set 'confidentialVMEncryptionType' to NonPersistedTPM.",
    retry: "never",
  },
  {
    codes: ["InvalidParameter"],
    words: ["ConfidentialVM", "'TrustedLaunch'"],
    cause:
      "A definition for confidential or Trusted Launch machines takes a snapshot, a disk or a virtual machine, not a VHD.",
    fix: "Publish to a definition whose SecurityType ends in Supported, or from a snapshot, a disk or a virtual machine.",
    retry: "never",
  },
  {
    codes: ["InternalOperationError", "InternalServerError"],
    words: ["Contract.Assert"],
    cause: "Azure cannot encrypt a Trusted Launch version with a customer-managed key.",
    fix: "Leave out the disk encryption sets, or publish to a definition whose SecurityType is TrustedLaunchSupported.",
    retry: "never",
  },
  {
    codes: ["InvalidParameter", "BadRequest"],
    words: ["disk encryption set is required", "encryption must be specified for all"],
    cause: "A disk is encrypted in one target region, and has no disk encryption set in another.",
    fix: "Set 'encryption' for all target regions or for none, each with a disk encryption set of that region and of the gallery's subscription.",
    retry: "never",
  },
  {
    codes: ["NotFound", "ResourceNotFound", "InvalidParameter", "BadRequest"],
    words: ["disk encryption set", "diskEncryptionSet"],
    cause:
      "A disk encryption set does not exist, was deleted, or is in another region or subscription than the replica.",
    fix: "Use an existing disk encryption set for each region, of that region and of the gallery's subscription. A version that used a deleted one cannot be updated: publish a new version.",
    retry: "never",
  },
  {
    codes: ["InvalidParameter", "BadRequest", "Conflict"],
    words: ["encryption is not supported for source"],
    cause: "Versions from this kind of source cannot be encrypted with a disk encryption set.",
    fix: "Leave 'encryption' out, or publish from a snapshot, a disk, a managed image or a virtual machine.",
    retry: "never",
  },
];
