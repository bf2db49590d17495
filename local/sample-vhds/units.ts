/** Bytes of a disk sector; Azure presents VHDs with 512-byte sectors. */
export const SECTOR_BYTES = 512;
export const KIB = 1024;
export const MIB = 1024 * KIB;
export const GIB = 1024 * MIB;
