import { createHash } from "node:crypto";
import { isBlank } from "../../shared/disk/bytes.ts";
import {
  buildDynamicVhd,
  buildQcow2,
  buildSampleVhd,
  createSparseImage,
  type DiskIdentity,
  FOOTER_BYTES,
  listUsedBlocks,
  readImage,
  type SparseImage,
} from "../sample-vhds/index.ts";
import type { PlannedDisk } from "./plan.ts";

const CREATED_AT = new Date("2026-01-01T00:00:00Z");
const PIECE_BYTES = 64 * 2 ** 10;

/** Returns the file that is uploaded for a disk in another format. */
export function buildDiskFile(planned: PlannedDisk): Uint8Array {
  const disk = buildRawDisk(planned);
  const file =
    planned.format === "qcow2" ? buildQcow2(disk) : buildDynamicVhd(disk, identityOf(planned));
  return readImage(file, 0, file.sizeBytes);
}

/** Returns the hash of what the guest has to see on the disk. */
export function hashPlannedDisk(planned: PlannedDisk): string {
  return hashImage(buildRawDisk(planned));
}

/**
 * Returns a SHA-256, in hexadecimal digits, that two images share if and only if a guest sees the same on
 * both: of the length and of every piece that is not zero throughout, with its offset. Holes and written
 * zeros are the same, and neither costs time.
 */
export function hashImage(image: SparseImage): string {
  const hash = createHash("sha256").update(`${image.sizeBytes}`);
  for (const index of listUsedBlocks(image, PIECE_BYTES)) {
    const offset = index * PIECE_BYTES;
    const piece = readImage(image, offset, Math.min(PIECE_BYTES, image.sizeBytes - offset));
    if (!isBlank(piece)) hash.update(`\n${offset}\n`).update(piece);
  }
  return hash.digest("hex");
}

/** The plan's disk without any format: a fixed VHD without its footer. */
function buildRawDisk(planned: PlannedDisk): SparseImage {
  const vhd = buildSampleVhd("linux-gen2", identityOf(planned));
  const sizeBytes = vhd.sizeBytes - FOOTER_BYTES;
  return createSparseImage(
    sizeBytes,
    vhd.extents.filter(({ offset }) => offset < sizeBytes),
  );
}

function identityOf({ uuid, sizeMib }: PlannedDisk): DiskIdentity {
  return { uuid, virtualSizeBytes: sizeMib * 2 ** 20, createdAt: CREATED_AT };
}
