import { hasBytesAt, viewOf } from "../bytes.ts";

/** Where things are in a FAT volume, in bytes from its start. */
export interface FatGeometry {
  readonly kind: "FAT32" | "FAT16" | "FAT12";
  readonly clusterBytes: number;
  /** Start of the root directory. */
  readonly rootOffset: number;
  /** Length of a root directory of fixed size; null on FAT32, where it is a file like any other. */
  readonly rootBytes: number | null;
  /** Where cluster 2, the first one, starts. */
  readonly dataOffset: number;
  /** Position of the volume label in the boot sector (11 bytes). */
  readonly labelOffset: number;
}

const MIN_SECTOR_BYTES = 512;
const MAX_SECTOR_BYTES = 4096;
const FAT16_MIN_CLUSTERS = 4085;

/**
 * Reads the boot sector of a FAT volume ("FAT: General Overview of On-Disk Format" 1.03). Null unless
 * its parameters make sense together, because the text "FAT32" alone also stands in boot code.
 */
export function readFatGeometry(sector: Uint8Array): FatGeometry | null {
  if (sector.length < 512 || !hasBytesAt(sector, 510, [0x55, 0xaa])) return null;
  const view = viewOf(sector);
  const sectorBytes = view.getUint16(11, true);
  const sectorsPerCluster = view.getUint8(13);
  const reserved = view.getUint16(14, true);
  const fats = view.getUint8(16);
  const rootEntries = view.getUint16(17, true);
  const isSane =
    isPowerOfTwo(sectorBytes) &&
    sectorBytes >= MIN_SECTOR_BYTES &&
    sectorBytes <= MAX_SECTOR_BYTES &&
    isPowerOfTwo(sectorsPerCluster) &&
    reserved > 0 &&
    (fats === 1 || fats === 2);
  if (!isSane) return null;
  const smallFat = view.getUint16(22, true);
  const fatSectors = smallFat || view.getUint32(36, true);
  const clusterBytes = sectorBytes * sectorsPerCluster;
  const afterFats = (reserved + fats * fatSectors) * sectorBytes;
  if (smallFat === 0) {
    if (!hasBytesAt(sector, 82, "FAT32") || fatSectors === 0) return null;
    const rootOffset = afterFats + (view.getUint32(44, true) - 2) * clusterBytes;
    const kind = "FAT32";
    return {
      kind,
      clusterBytes,
      rootOffset,
      rootBytes: null,
      dataOffset: afterFats,
      labelOffset: 71,
    };
  }
  if (!hasBytesAt(sector, 54, "FAT") || rootEntries === 0) return null;
  const rootBytes = rootEntries * 32;
  const dataOffset = afterFats + rootBytes;
  const sectors = view.getUint16(19, true) || view.getUint32(32, true);
  const clusters = (sectors * sectorBytes - dataOffset) / clusterBytes;
  const kind = clusters < FAT16_MIN_CLUSTERS ? "FAT12" : "FAT16";
  return { kind, clusterBytes, rootOffset: afterFats, rootBytes, dataOffset, labelOffset: 43 };
}

/** An entry of a FAT directory; long names are left out, every file has a short one too. */
export interface FatEntry {
  /** Eight and three characters, padded with spaces, in capitals. */
  readonly name: string;
  readonly isDirectory: boolean;
  readonly firstCluster: number;
}

const ENTRY_BYTES = 32;
const ATTRIBUTE_LABEL = 0x08; // long names have it too
const ATTRIBUTE_DIRECTORY = 0x10;
const DELETED = 0xe5;

/** Whether the end mark of a directory is within these bytes: nothing follows in what was not read. */
export function hasDirectoryEnd(bytes: Uint8Array): boolean {
  for (let offset = 0; offset < bytes.length; offset += ENTRY_BYTES) {
    if (bytes[offset] === 0) return true;
  }
  return false;
}

/** The entries of a directory up to its end mark, or as far as it was read. */
export function readFatDirectory(bytes: Uint8Array): readonly FatEntry[] {
  const view = viewOf(bytes);
  const entries: FatEntry[] = [];
  for (let offset = 0; offset + ENTRY_BYTES <= bytes.length; offset += ENTRY_BYTES) {
    const first = view.getUint8(offset);
    const attributes = view.getUint8(offset + 11);
    if (first === 0) break;
    if (first === DELETED || attributes & ATTRIBUTE_LABEL) continue;
    entries.push({
      name: String.fromCharCode(...bytes.subarray(offset, offset + 11)),
      isDirectory: (attributes & ATTRIBUTE_DIRECTORY) !== 0,
      firstCluster:
        view.getUint16(offset + 20, true) * 0x1_0000 + view.getUint16(offset + 26, true),
    });
  }
  return entries;
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && (value & (value - 1)) === 0;
}
