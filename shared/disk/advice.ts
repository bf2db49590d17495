/** Sentences that say the same wherever a disk turns out to be of such a kind. */

/** What to do with a blob of the wrong type. A full sentence. */
export const UPLOAD_AS_PAGE_BLOB =
  "Upload the VHD again as a page blob (azcopy copy --blob-type PageBlob, az storage blob upload --type page).";

/**
 * Why an Arm64 system cannot become a managed image, and what to make of `source` ("it", "the VHD")
 * instead; to be put after the name of the source, no full stop.
 * https://learn.microsoft.com/azure/virtual-machines/shared-image-galleries
 */
export function explainArm64(source: string): string {
  return `is for Arm64: a managed image is always treated as x64, and a virtual machine created from it does not start; create an Azure Compute Gallery image version from ${source} instead`;
}
