const POLYNOMIAL = 0xedb88320;
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value;
});

/**
 * CRC-32 as GPT uses it (ISO 3309), or from another `seed`. Written here because `node:zlib` has it from Node 22.2 on only,
 * and this folder needs nothing of Node.
 */
export function crc32(bytes: Uint8Array, seed = 0xffff_ffff): number {
  let value = seed;
  for (const byte of bytes) value = (value >>> 8) ^ (TABLE[(value ^ byte) & 0xff] ?? 0);
  return ~value >>> 0;
}
