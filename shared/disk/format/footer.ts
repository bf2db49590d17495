import { isBlank } from "../bytes.ts";

/** Bytes of the footer that ends every VHD (Virtual Hard Disk Image Format Specification 1.0). */
export const FOOTER_BYTES = 512;
const COOKIE = "conectix";
const CHECKSUM_OFFSET = 64;
const SAVED_STATE_OFFSET = 84;

/** VHD kinds by the number in the footer. */
const DISK_TYPES: Readonly<Record<number, DiskType>> = {
  2: "fixed",
  3: "dynamic",
  4: "differencing",
};
export type DiskType = "fixed" | "dynamic" | "differencing";

/** What the last 512 bytes of a blob say. */
export type FooterReading =
  /** Nothing was written there yet, or there is no footer at all. */
  | { readonly kind: "blank" }
  /** Something else than a footer. */
  | { readonly kind: "foreign" }
  | {
      readonly kind: "footer";
      readonly checksumMatches: boolean;
      /** Null for a number the format does not define. */
      readonly diskType: DiskType | null;
      /** Bytes of the disk inside. */
      readonly virtualSize: bigint;
      /** Whether the machine was suspended: the rest of its state is in a file that is not here. */
      readonly isSavedState?: boolean;
    };

/**
 * Reads a VHD footer (512 bytes, big-endian). It never throws, whatever the bytes are.
 */
export function readFooter(bytes: Uint8Array): FooterReading {
  if (isBlank(bytes)) return { kind: "blank" };
  const cookie = new TextDecoder("latin1").decode(bytes.subarray(0, COOKIE.length));
  if (bytes.length !== FOOTER_BYTES || cookie !== COOKIE) return { kind: "foreign" };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    kind: "footer",
    checksumMatches: view.getUint32(CHECKSUM_OFFSET) === footerChecksum(bytes),
    diskType: DISK_TYPES[view.getUint32(60)] ?? null,
    virtualSize: view.getBigUint64(48),
    ...(view.getUint8(SAVED_STATE_OFFSET) !== 0 && { isSavedState: true }),
  };
}

/** One's complement of the sum of all bytes, the checksum's own four left out, as 32 bits. */
export function footerChecksum(bytes: Uint8Array): number {
  let sum = 0;
  bytes.forEach((byte, offset) => {
    const isChecksum = offset >= CHECKSUM_OFFSET && offset < CHECKSUM_OFFSET + 4;
    if (!isChecksum) sum += byte;
  });
  return ~sum >>> 0;
}
