import { UPLOAD_AS_PAGE_BLOB } from "../disk/advice.ts";
import type { ServiceErrorRule } from "./rule.ts";

const CONVERT =
  "Convert the disk to a fixed VHD and upload it again; 'npm run inspect -- FILE' prints the commands for it.";
const RESIZE =
  "Resize the disk to a whole number of MiB, convert it with force_size and upload it again.";

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
    cause: "The VHD's footer is damaged, or the VHD is not a fixed one.",
    fix: CONVERT,
    retry: "never",
  },
  {
    codes: ["InvalidParameter"],
    words: ["cookie"],
    cause: "The blob does not end with the footer of a VHD.",
    fix: `The file is no VHD. ${CONVERT}`,
    retry: "never",
  },
  {
    codes: ["VHDSizeInvalid"],
    cause: "The disk is no whole number of MiB, or too small or too large.",
    fix: RESIZE,
    retry: "never",
  },
  {
    codes: ["InvalidParameter"],
    words: ["virtual size", "whole number"],
    cause: "The disk is no whole number of MiB, or too small or too large.",
    fix: RESIZE,
    retry: "never",
  },
  {
    codes: ["ImageBlobNotFound", "DiskBlobNotFound"],
    cause: "The blob was deleted or renamed.",
    fix: "Upload the VHD again; the service did not find the blob.",
    retry: "never",
  },
];

/** What is wrong with the storage account that a VHD is in. */
export const ACCOUNT_RULES: readonly ServiceErrorRule[] = [
  {
    codes: ["StorageAccountNotFound"],
    cause: "The storage account does not exist, or is a classic one.",
    fix: "Name a storage account that exists, made with Resource Manager (not classic).",
    retry: "never",
  },
  {
    codes: ["StorageAccountNotRecognized"],
    cause: "The storage account is not managed by Resource Manager.",
    fix: "Name a storage account made with Resource Manager (not classic).",
    retry: "never",
  },
  {
    codes: ["StorageAccountLocationMismatch"],
    cause: "The storage account is in another region than the image.",
    fix: "Copy the VHD to a storage account in the image's region, or change 'location'.",
    retry: "never",
  },
  {
    codes: ["BadRequest"],
    words: ["region", "location"],
    cause: "A source is in another region than the image.",
    fix: "Copy the source to the image's region, or change 'location'.",
    retry: "never",
  },
  {
    codes: ["StorageAccountSubscriptionMismatch"],
    cause: "The storage account is in another subscription than the image.",
    fix: "Copy the VHD to a storage account in the image's subscription.",
    retry: "never",
  },
  {
    codes: ["StorageAccountTypeNotSupported"],
    cause: "The storage account is of a kind that images cannot be made from.",
    fix: "Use a general-purpose v2 or a premium page-blob storage account.",
    retry: "never",
  },
  {
    codes: ["StorageAccountLimitation"],
    cause: "The storage account is at a limit, or cannot hold page blobs.",
    fix: "Use another storage account; this one is at a limit or holds no page blobs.",
    retry: "never",
  },
];
