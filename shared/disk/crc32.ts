import { makeCrcTable, updateCrc } from "./reflected-crc.ts";

const TABLE = makeCrcTable(0xedb88320);

/**
 * CRC-32 as GPT uses it (ISO 3309), or from another `seed`. Written here because `node:zlib` has it from Node 22.2 on only,
 * and this folder needs nothing of Node.
 */
export function crc32(bytes: Uint8Array, seed = 0xffff_ffff): number {
  return ~updateCrc(TABLE, bytes, seed) >>> 0;
}
