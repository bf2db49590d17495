import { makeCrcTable, updateCrc } from "./reflected-crc.ts";

const TABLE = makeCrcTable(0x82f63b78);

/**
 * CRC-32C (Castagnoli) without the final inversion, from `seed`: as ext4 stores it. XFS and Btrfs store
 * the inverted value.
 */
export function rawCrc32c(bytes: Uint8Array, seed = 0xffff_ffff): number {
  return updateCrc(TABLE, bytes, seed) >>> 0;
}

const CHECKSUM_BYTES = 4;

/** CRC-32C of bytes, four of them, from `skipped` on, counted as zero: where the checksum itself is. */
export function crc32c(bytes: Uint8Array, skipped: number): number {
  const before = rawCrc32c(bytes.subarray(0, skipped));
  const blank = rawCrc32c(new Uint8Array(CHECKSUM_BYTES), before);
  return ~rawCrc32c(bytes.subarray(skipped + CHECKSUM_BYTES), blank) >>> 0;
}
