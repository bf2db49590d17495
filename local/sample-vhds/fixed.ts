import type { DiskIdentity } from "./disk.ts";
import { buildFooter, FOOTER_BYTES } from "./footer.ts";
import { createSparseImage, type SparseImage } from "./sparse-image.ts";

/** Returns the disk as a fixed VHD: its bytes as they are, then the footer. */
export function buildFixedVhd(disk: SparseImage, identity: DiskIdentity): SparseImage {
  const footer = buildFooter({ ...identity, virtualSizeBytes: disk.sizeBytes, type: "fixed" });
  return createSparseImage(disk.sizeBytes + FOOTER_BYTES, [
    ...disk.extents,
    { offset: disk.sizeBytes, bytes: footer },
  ]);
}
