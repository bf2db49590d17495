import { isBlank, readLabel, viewOf } from "../bytes.ts";
import { ENTRY_BYTES } from "./fat-directory.ts";

/** Where things are in a FAT volume, in bytes from its start. */
export interface FatGeometry {
  readonly kind: "FAT32" | "FAT16" | "FAT12";
  readonly clusterBytes: number;
  /** Start of the first file allocation table. */
  readonly fatOffset: number;
  /** Start of the root directory. */
  readonly rootOffset: number;
  /** Length of a root directory of fixed size; null on FAT32, where it is a file like any other. */
  readonly rootBytes: number | null;
  /** First cluster of the root directory on FAT32. */
  readonly rootCluster: number;
  /** Where cluster 2, the first one, starts. */
  readonly dataOffset: number;
}

const MIN_SECTOR_BYTES = 512;
const MAX_SECTOR_BYTES = 4096;
const FAT16_MIN_CLUSTERS = 4085;
/** Below these only the codes of old floppies are in use. */
const MIN_MEDIA = 0xf8;
const OTHER_MEDIA: readonly number[] = [0xf0, 0x00, 0x01];
const MIRRORING_IS_OFF = 0x80;

/**
 * Reads the boot sector of a FAT volume ("FAT: General Overview of On-Disk Format" 1.03). It takes what
 * the driver of UEFI firmware takes (EDK II, FatPkg): parameters that make sense together, whatever
 * texts and signatures must be there too. Null for anything else.
 */
export function readFatGeometry(sector: Uint8Array): FatGeometry | null {
  if (sector.length < 512) return null;
  const view = viewOf(sector);
  const sectorBytes = view.getUint16(11, true);
  const sectorsPerCluster = view.getUint8(13);
  const reserved = view.getUint16(14, true);
  const fats = view.getUint8(16);
  const rootEntries = view.getUint16(17, true);
  const sectors = view.getUint16(19, true) || view.getUint32(32, true);
  const media = view.getUint8(21);
  const smallFat = view.getUint16(22, true);
  const fatSectors = smallFat || view.getUint32(36, true);
  const isSane =
    isPowerOfTwo(sectorBytes) &&
    sectorBytes >= MIN_SECTOR_BYTES &&
    sectorBytes <= MAX_SECTOR_BYTES &&
    isPowerOfTwo(sectorsPerCluster) &&
    reserved > 0 &&
    fats > 0 &&
    sectors > 0 &&
    fatSectors > 0 &&
    (media >= MIN_MEDIA || OTHER_MEDIA.includes(media));
  if (!isSane) return null;
  const clusterBytes = sectorBytes * sectorsPerCluster;
  const fatOffset = reserved * sectorBytes;
  const afterFats = (reserved + fats * fatSectors) * sectorBytes;
  const places = { clusterBytes, fatOffset };
  if (smallFat === 0) {
    if ((view.getUint16(40, true) & MIRRORING_IS_OFF) !== 0) return null;
    const rootCluster = view.getUint32(44, true);
    const rootOffset = afterFats + (rootCluster - 2) * clusterBytes;
    const root = { rootOffset, rootBytes: null, rootCluster };
    return { kind: "FAT32", ...places, ...root, dataOffset: afterFats };
  }
  if (rootEntries === 0) return null;
  const rootBytes = rootEntries * ENTRY_BYTES;
  const dataOffset = afterFats + rootBytes;
  const clusters = (sectors * sectorBytes - dataOffset) / clusterBytes;
  const kind = clusters < FAT16_MIN_CLUSTERS ? "FAT12" : "FAT16";
  return { kind, ...places, rootOffset: afterFats, rootBytes, rootCluster: 0, dataOffset };
}

const CHAIN_ENDS = { FAT12: 0xff7, FAT16: 0xfff7, FAT32: 0x0fff_fff7 } as const;

/** Where the file allocation table says what follows a cluster: bytes from the volume's start. */
export function placeFatEntry(
  { kind, fatOffset }: FatGeometry,
  cluster: number,
): { readonly offset: number; readonly bytes: number } {
  if (kind === "FAT12") return { offset: fatOffset + Math.floor(cluster * 1.5), bytes: 2 };
  const bytes = kind === "FAT16" ? 2 : 4;
  return { offset: fatOffset + cluster * bytes, bytes };
}

/** The cluster that follows; null at the end of a chain. */
export function readFatEntry(
  { kind }: FatGeometry,
  cluster: number,
  bytes: Uint8Array,
): number | null {
  const view = viewOf(bytes);
  const read = {
    FAT12: () =>
      cluster % 2 === 0 ? view.getUint16(0, true) & 0xfff : view.getUint16(0, true) >> 4,
    FAT16: () => view.getUint16(0, true),
    FAT32: () => view.getUint32(0, true) & 0x0fff_ffff,
  };
  const next = read[kind]();
  return next < 2 || next >= CHAIN_ENDS[kind] ? null : next;
}

/** The label in the boot sector, which counts where the root directory could not be read. */
export function readBootSectorLabel(sector: Uint8Array, { kind }: FatGeometry): string | null {
  const offset = kind === "FAT32" ? 71 : 43;
  const field = sector.subarray(offset, offset + 11);
  const hasFields = [0x28, 0x29].includes(sector[offset - 5] ?? 0) && !isBlank(field);
  const label = hasFields ? readLabel(field, "utf-8") : null;
  return label === "NO NAME" ? null : label;
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && (value & (value - 1)) === 0;
}
