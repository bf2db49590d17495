/** CRC-32C (Castagnoli), reflected. */
const POLYNOMIAL = 0x82f63b78;
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value;
});

/** CRC-32C of bytes, four of them, from `skipped` on, counted as zero: where the checksum itself is. */
export function crc32c(bytes: Uint8Array, skipped: number): number {
  let value = 0xffff_ffff;
  for (let at = 0; at < bytes.length; at++) {
    const byte = at >= skipped && at < skipped + 4 ? 0 : (bytes[at] ?? 0);
    value = (value >>> 8) ^ (TABLE[(value ^ byte) & 0xff] ?? 0);
  }
  return ~value >>> 0;
}
