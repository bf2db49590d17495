import type { DiskRole } from "../../shared/disk/finding.ts";

/** A problem of the blob itself; the disk in it may be right. */
export interface BlobTypeProblem {
  readonly code: "IncorrectImageBlobType" | "IncorrectDiskBlobType";
  readonly message: string;
  readonly fix: string;
}

const KINDS: Readonly<Record<string, string>> = {
  BlockBlob: "a block blob",
  AppendBlob: "an append blob",
};

/** Azure makes images from page blobs only; null for one, and for what is not a blob. */
export function findBlobTypeProblem(
  blobType: string | null,
  role: DiskRole,
): BlobTypeProblem | null {
  const kind = KINDS[blobType ?? ""];
  if (kind === undefined) return null;
  return {
    code: role === "os" ? "IncorrectImageBlobType" : "IncorrectDiskBlobType",
    message: `is ${kind}; a VHD must be a page blob`,
    fix: "Upload it again as a page blob (azcopy copy --blob-type PageBlob, az storage blob upload --type page).",
  };
}
