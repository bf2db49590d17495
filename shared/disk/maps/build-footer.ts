import { SECTOR_BYTES, viewOf } from "../bytes.ts";
import { FOOTER_BYTES, footerChecksum } from "../format/footer.ts";

/** Cylinders, heads and sectors per track. */
export interface Geometry {
  readonly cylinders: number;
  readonly heads: number;
  readonly sectorsPerTrack: number;
}

export interface FooterFields {
  /** Size of the disk, in bytes. */
  readonly diskBytes: number;
  /** 16 bytes. */
  readonly uuid: Uint8Array;
  readonly createdAt: Date;
}

const FEATURES = 2;
const FORMAT_VERSION = 0x0001_0000;
/**
 * Readers believe a footer of this creator about the size; with others they go by the geometry, which is
 * a little less, and the end of the disk is lost.
 */
const CREATOR = "win ";
const CREATOR_VERSION = 0x000a_0000;
const CREATOR_HOST = "Wi2k";
const FIXED = 2;
const EPOCH = Date.UTC(2000, 0, 1);

/** The 512 bytes that end a fixed VHD (Virtual Hard Disk Image Format Specification 1.0). */
export function buildFixedFooter({ diskBytes, uuid, createdAt }: FooterFields): Uint8Array {
  const footer = new Uint8Array(FOOTER_BYTES);
  const view = viewOf(footer);
  const { cylinders, heads, sectorsPerTrack } = computeGeometry(diskBytes);
  const writeText = (text: string, offset: number): void =>
    footer.set(new TextEncoder().encode(text), offset);
  writeText("conectix", 0);
  view.setUint32(8, FEATURES);
  view.setUint32(12, FORMAT_VERSION);
  footer.fill(0xff, 16, 24); // a fixed disk has no further header
  view.setUint32(24, Math.max(0, Math.floor((createdAt.getTime() - EPOCH) / 1000)));
  writeText(CREATOR, 28);
  view.setUint32(32, CREATOR_VERSION);
  writeText(CREATOR_HOST, 36);
  view.setBigUint64(40, BigInt(diskBytes));
  view.setBigUint64(48, BigInt(diskBytes));
  view.setUint16(56, cylinders);
  view.setUint8(58, heads);
  view.setUint8(59, sectorsPerTrack);
  view.setUint32(60, FIXED);
  footer.set(uuid.subarray(0, 16), 68);
  view.setUint32(64, footerChecksum(footer));
  return footer;
}

/** The most sectors that cylinders, heads and sectors can count. */
const MAX_SECTORS = 65535 * 16 * 255;

/** The geometry of a disk, as the appendix of the specification computes it; it rounds down. */
export function computeGeometry(diskBytes: number): Geometry {
  const sectors = Math.min(Math.floor(diskBytes / SECTOR_BYTES), MAX_SECTORS);
  if (sectors >= 65535 * 16 * 63) return divide(sectors, 16, 255);
  const tracks17 = Math.floor(sectors / 17);
  const heads17 = Math.max(4, Math.ceil(tracks17 / 1024));
  if (tracks17 < heads17 * 1024 && heads17 <= 16) return divide(sectors, heads17, 17);
  return Math.floor(sectors / 31) < 16 * 1024 ? divide(sectors, 16, 31) : divide(sectors, 16, 63);
}

function divide(sectors: number, heads: number, sectorsPerTrack: number): Geometry {
  const cylinders = Math.floor(Math.floor(sectors / sectorsPerTrack) / heads);
  return { cylinders, heads, sectorsPerTrack };
}

/**
 * The UUID for the disk that is made from a source: the same for the same version of it (its ETag), so
 * that a repeated step writes the same bytes. Version 8 of RFC 9562: derived in a way of our own.
 */
export async function deriveUuid(etag: string): Promise<Uint8Array> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(etag));
  const uuid = new Uint8Array(hash, 0, 16);
  uuid[6] = 0x80 | ((uuid[6] ?? 0) & 0x0f);
  uuid[8] = 0x80 | ((uuid[8] ?? 0) & 0x3f);
  return uuid;
}
