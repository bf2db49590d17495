import { createHash } from "node:crypto";

const GUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Returns the 16 bytes of a GUID in the order in which it is written (RFC 9562, big-endian).
 *
 * @throws {RangeError} if the text is not a GUID.
 */
export function encodeUuid(guid: string): Buffer {
  if (!GUID_PATTERN.test(guid)) {
    throw new RangeError(`not a GUID: ${JSON.stringify(guid)}`);
  }
  return Buffer.from(guid.replaceAll("-", ""), "hex");
}

/**
 * Returns the 16 bytes of a GUID as EFI structures store it: the first three fields little-endian,
 * the rest as written (UEFI specification, appendix A).
 */
export function encodeEfiGuid(guid: string): Buffer {
  const bytes = encodeUuid(guid);
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}

/** Returns the GUID that belongs to `label` on the disk `seed`: same input, same GUID (RFC 9562, version 8). */
export function deriveGuid(seed: string, label: string): string {
  const bytes = createHash("sha256").update(`${seed.toLowerCase()}/${label}`).digest();
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex", 0, 16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
}
