import { concatBytes } from "../bytes.ts";
import type { LimitedReader } from "../disk-reader.ts";
import { type FatGeometry, placeFatEntry, readFatEntry } from "./fat.ts";
import { type FatDirectory, hasDirectoryEnd, readFatDirectory } from "./fat-directory.ts";

/** As far as a directory is read at first: 64 entries, far more than there are in those of a loader. */
export const DIRECTORY_BYTES = 2048;
/** Longer directories are not followed to the end. */
const MAX_DIRECTORY_BYTES = 32 * 1024;
/** Links of a chain are neighbours in the table: one read of it serves many of them. */
const FAT_WINDOW_BYTES = 512;

/** A directory, or as much of it as the budget allowed. */
export interface DirectoryReading extends FatDirectory {
  /** Whether its end was reached: only then is what is not listed not there. */
  readonly isWhole: boolean;
}

/** Directories of a FAT volume that starts at `start` on the disk. */
export interface FatFiles {
  /** Null when not even its beginning could be read. */
  readRoot(): Promise<DirectoryReading | null>;
  readDirectory(firstCluster: number): Promise<DirectoryReading | null>;
}

/** Opens a FAT volume: directories are followed from cluster to cluster as far as the budget allows. */
export function openFat(reader: LimitedReader, start: number, fat: FatGeometry): FatFiles {
  const readDirectory = async (firstCluster: number): Promise<DirectoryReading | null> => {
    const seen = new Set<number>();
    let bytes = new Uint8Array();
    let cluster: number | null = firstCluster;
    while (cluster !== null) {
      if (cluster < 2 || seen.has(cluster) || bytes.length >= MAX_DIRECTORY_BYTES) break;
      seen.add(cluster);
      const offset: number = start + fat.dataOffset + (cluster - 2) * fat.clusterBytes;
      const part = await readStretch(reader, offset, fat.clusterBytes);
      if (part === null) break;
      bytes = Uint8Array.from(concatBytes(bytes, part.bytes));
      if (hasDirectoryEnd(bytes)) return { ...readFatDirectory(bytes), isWhole: true };
      if (part.bytes.length < fat.clusterBytes) break;
      const link = placeFatEntry(fat, cluster);
      const window = await readLink(reader, start + link.offset, link.bytes);
      if (window === null) break;
      cluster = readFatEntry(fat, cluster, window);
      if (cluster === null) return { ...readFatDirectory(bytes), isWhole: true };
    }
    return bytes.length === 0 ? null : { ...readFatDirectory(bytes), isWhole: false };
  };
  return {
    readDirectory,
    readRoot: async () => {
      if (fat.rootBytes === null) return readDirectory(fat.rootCluster);
      const part = await readStretch(reader, start + fat.rootOffset, fat.rootBytes);
      if (part === null) return null;
      const isWhole = part.bytes.length === fat.rootBytes || hasDirectoryEnd(part.bytes);
      return { ...readFatDirectory(part.bytes), isWhole };
    },
  };
}

/** A stretch of a directory: its beginning, and the rest where it does not end within that. */
async function readStretch(
  reader: LimitedReader,
  offset: number,
  bytes: number,
): Promise<{ readonly bytes: Uint8Array } | null> {
  const first = await reader.read(offset, Math.min(bytes, DIRECTORY_BYTES));
  if (first === null) return null;
  if (bytes <= DIRECTORY_BYTES || hasDirectoryEnd(first)) return { bytes: first };
  const whole = await reader.read(offset, Math.min(bytes, MAX_DIRECTORY_BYTES));
  return { bytes: whole ?? first };
}

async function readLink(
  reader: LimitedReader,
  offset: number,
  bytes: number,
): Promise<Uint8Array | null> {
  const windowStart = offset - (offset % FAT_WINDOW_BYTES);
  const within = offset - windowStart;
  const window = await reader.read(windowStart, FAT_WINDOW_BYTES + bytes);
  const link = window?.subarray(within, within + bytes) ?? null;
  return link?.length === bytes ? link : null;
}
