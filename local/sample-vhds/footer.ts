import { encodeUuid } from "./guid.ts";
import { SECTOR_BYTES } from "./units.ts";

/** Cylinders, heads and sectors per track. */
export type Geometry = {
  readonly cylinders: number;
  readonly heads: number;
  readonly sectorsPerTrack: number;
};

export type VhdType = "fixed" | "dynamic";

export type FooterFields = {
  /** Size of the disk that a guest sees, in bytes. */
  readonly virtualSizeBytes: number;
  readonly uuid: string;
  readonly createdAt: Date;
  readonly type: VhdType;
};

/** Length of the footer in bytes. */
export const FOOTER_BYTES = 512;

const CHECKSUM_OFFSET = 64;
const TYPE_CODES = { fixed: 2, dynamic: 3 } as const;
const NO_DATA_OFFSET = 0xffff_ffff_ffff_ffffn;
const EPOCH_MS = Date.UTC(2000, 0, 1);

/**
 * Returns the geometry of a disk of the given size by the algorithm in the appendix of Microsoft's
 * "Virtual Hard Disk Image Format Specification". It covers at most 65535 × 16 × 255 sectors and
 * rounds down: the sizes in the footer count, not the geometry.
 */
export function computeGeometry(virtualSizeBytes: number): Geometry {
  const sectors = Math.min(Math.floor(virtualSizeBytes / SECTOR_BYTES), 65535 * 16 * 255);
  if (sectors >= 65535 * 16 * 63) {
    return toGeometry(Math.floor(sectors / 255), 16, 255);
  }
  const tracks17 = Math.floor(sectors / 17);
  const heads17 = Math.max(4, Math.floor((tracks17 + 1023) / 1024));
  if (tracks17 < heads17 * 1024 && heads17 <= 16) {
    return toGeometry(tracks17, heads17, 17);
  }
  const tracks31 = Math.floor(sectors / 31);
  return tracks31 < 16 * 1024
    ? toGeometry(tracks31, 16, 31)
    : toGeometry(Math.floor(sectors / 63), 16, 63);
}

function toGeometry(tracks: number, heads: number, sectorsPerTrack: number): Geometry {
  return { cylinders: Math.floor(tracks / heads), heads, sectorsPerTrack };
}

/** Returns the one's complement of the sum of all bytes, leaving out the four at `fieldOffset`. */
export function computeChecksum(structure: Uint8Array, fieldOffset: number): number {
  let sum = 0;
  structure.forEach((byte, index) => {
    if (index < fieldOffset || index >= fieldOffset + 4) sum += byte;
  });
  return ~sum >>> 0;
}

/** Returns the 512 bytes that end every VHD (and begin a dynamic one too). */
export function buildFooter(fields: FooterFields): Buffer {
  const footer = Buffer.alloc(FOOTER_BYTES);
  const { cylinders, heads, sectorsPerTrack } = computeGeometry(fields.virtualSizeBytes);
  footer.write("conectix", 0, "latin1");
  footer.writeUInt32BE(0x2, 8); // features: the reserved bit is always set
  footer.writeUInt32BE(0x0001_0000, 12); // format version 1.0
  footer.writeBigUInt64BE(fields.type === "fixed" ? NO_DATA_OFFSET : BigInt(FOOTER_BYTES), 16);
  footer.writeUInt32BE(Math.floor((fields.createdAt.getTime() - EPOCH_MS) / 1000), 24);
  footer.write("win ", 28, "latin1"); // readers trust the size, not the geometry, of this creator
  footer.writeUInt32BE(0x000a_0000, 32);
  footer.write("Wi2k", 36, "latin1");
  footer.writeBigUInt64BE(BigInt(fields.virtualSizeBytes), 40);
  footer.writeBigUInt64BE(BigInt(fields.virtualSizeBytes), 48);
  footer.writeUInt16BE(cylinders, 56);
  footer.writeUInt8(heads, 58);
  footer.writeUInt8(sectorsPerTrack, 59);
  footer.writeUInt32BE(TYPE_CODES[fields.type], 60);
  encodeUuid(fields.uuid).copy(footer, 68);
  footer.writeUInt32BE(computeChecksum(footer, CHECKSUM_OFFSET), CHECKSUM_OFFSET);
  return footer;
}
