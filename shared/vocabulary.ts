/**
 * The service's own words for what an image and its disks can be, each list in one place and in the
 * service's spelling. Plain arrays: the settings read them at every start, when no schema library is
 * loaded.
 * https://learn.microsoft.com/rest/api/compute/images/create-or-update
 */

/**
 * The word that a text is in any case; undefined when it is none of them. A text longer than the longest
 * word is not compared.
 */
export function findWord<const W extends string>(words: readonly W[], text: string): W | undefined {
  if (words.every((word) => text.length > word.length)) return undefined;
  const sought = text.toLowerCase();
  return words.find((word) => word.toLowerCase() === sought);
}

/** Operating systems that an image can be of. */
export const OS_TYPES = ["Windows", "Linux"] as const;
export type OsType = (typeof OS_TYPES)[number];

/** Whether the system has lost its identity (sysprep, waagent -deprovision) or kept it. */
export const OS_STATES = ["Generalized", "Specialized"] as const;
export type OsState = (typeof OS_STATES)[number];

/** Hyper-V generations: V1 starts from a BIOS, V2 from UEFI. */
export const GENERATIONS = ["V1", "V2"] as const;
export type Generation = (typeof GENERATIONS)[number];

/** Processor architectures. */
export const ARCHITECTURES = ["x64", "Arm64"] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

/** Host caching of a disk. */
export const CACHING_TYPES = ["None", "ReadOnly", "ReadWrite"] as const;

/** Redundancy and performance of the disks that an image is made into. */
export const STORAGE_ACCOUNT_TYPES = [
  "Standard_LRS",
  "Premium_LRS",
  "StandardSSD_LRS",
  "UltraSSD_LRS",
  "Premium_ZRS",
  "StandardSSD_ZRS",
  "PremiumV2_LRS",
] as const;

/**
 * Words of image versions in a Compute Gallery.
 * https://learn.microsoft.com/rest/api/compute/gallery-image-versions/create-or-update
 */

/** Storage types of the replicas of a version. */
export const REPLICA_STORAGE_TYPES = [
  "Standard_LRS",
  "Standard_ZRS",
  "Premium_LRS",
  "PremiumV2_LRS",
] as const;
/** Storage types of the replicas in an edge zone. */
export const EDGE_STORAGE_TYPES = [
  "Standard_LRS",
  "Standard_ZRS",
  "StandardSSD_LRS",
  "Premium_LRS",
] as const;
/** Ways in which Azure chooses the storage type where none is given. */
export const STORAGE_STRATEGIES = ["PreferStandard_ZRS", "DefaultStandard_LRS"] as const;
/** `Shallow` refers to the source: quick, in one region, for tests. */
export const REPLICATION_MODES = ["Full", "Shallow"] as const;
/** How the OS disk of a confidential version is encrypted in a region. */
export const CONFIDENTIAL_ENCRYPTION_TYPES = [
  "EncryptedVMGuestStateOnlyWithPmk",
  "EncryptedWithPmk",
  "EncryptedWithCmk",
  "NonPersistedTPM",
] as const;
/** Sets of Secure Boot keys that Azure keeps. */
export const SIGNATURE_TEMPLATES = [
  "NoSignatureTemplate",
  "MicrosoftUefiCertificateAuthorityTemplate",
  "MicrosoftWindowsTemplate",
] as const;
/** Forms of a Secure Boot key. */
export const UEFI_KEY_TYPES = ["sha256", "x509"] as const;

/** Whether disks in other formats are converted. The app's own words. */
export const CONVERT_MODES = ["auto", "never"] as const;
export type ConvertMode = (typeof CONVERT_MODES)[number];
