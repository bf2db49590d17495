import { UPLOAD_AS_PAGE_BLOB } from "../disk/advice.ts";
import type { ServiceErrorRule } from "./rule.ts";

const CONVERT =
  "Convert the disk to a fixed VHD and upload it again; 'npm run inspect -- FILE' prints the commands for it.";
const RESIZE =
  "Resize the disk to a multiple of 1 MiB, convert it with force_size and upload it again.";

/** What is wrong with a VHD, as far as the service finds it. */
export const VHD_ERROR_RULES: readonly ServiceErrorRule[] = [
  {
    codes: ["IncorrectImageBlobType", "IncorrectDiskBlobType"],
    cause: "The VHD is a block or an append blob.",
    fix: UPLOAD_AS_PAGE_BLOB,
    retry: "never",
  },
  {
    codes: ["InvalidVhd"],
    cause: "The VHD's footer is damaged, or the VHD is not fixed.",
    fix: CONVERT,
    retry: "never",
  },
  {
    codes: ["InvalidParameter"],
    words: ["cookie"],
    cause: "The blob does not end with the footer of a VHD.",
    fix: `The file is not a VHD. ${CONVERT}`,
    retry: "never",
  },
  {
    codes: ["VHDSizeInvalid"],
    cause: "The disk's size is not a multiple of 1 MiB, or is too small or too large.",
    fix: RESIZE,
    retry: "never",
  },
  {
    codes: ["InvalidParameter"],
    words: ["virtual size", "whole number"],
    cause: "The disk's size is not a multiple of 1 MiB, or is too small or too large.",
    fix: RESIZE,
    retry: "never",
  },
  {
    codes: ["ImageBlobNotFound", "DiskBlobNotFound"],
    cause: "The blob was deleted or renamed.",
    fix: "Upload the VHD again; Azure did not find the blob.",
    retry: "never",
  },
];

/** What is wrong with the storage account that a VHD is in. */
export const ACCOUNT_RULES: readonly ServiceErrorRule[] = [
  {
    codes: ["StorageAccountNotFound"],
    cause: "The storage account does not exist, or is a classic one.",
    fix: "Use an existing storage account created with Resource Manager (not classic).",
    retry: "never",
  },
  {
    codes: ["StorageAccountNotRecognized"],
    cause: "The storage account is not managed by Resource Manager.",
    fix: "Use a storage account created with Resource Manager (not classic).",
    retry: "never",
  },
  {
    codes: ["StorageAccountLocationMismatch"],
    cause: "The storage account is not in the image's region.",
    fix: "Copy the VHD to a storage account in the image's region, or change 'location'.",
    retry: "never",
  },
  {
    codes: ["BadRequest"],
    words: ["region", "location"],
    cause: "A source is not in the image's region.",
    fix: "Copy the source to the image's region, or change 'location'.",
    retry: "never",
  },
  {
    codes: ["StorageAccountSubscriptionMismatch"],
    cause: "The storage account is not in the image's subscription.",
    fix: "Copy the VHD to a storage account in the image's subscription.",
    retry: "never",
  },
  {
    codes: ["StorageAccountTypeNotSupported"],
    cause: "Images cannot be created from this kind of storage account.",
    fix: "Use a general-purpose v2 or a premium page-blob storage account.",
    retry: "never",
  },
  {
    codes: ["StorageAccountLimitation"],
    cause: "The storage account is at a limit, or cannot hold page blobs.",
    fix: "Use another storage account; this one is at a limit or cannot hold page blobs.",
    retry: "never",
  },
];
