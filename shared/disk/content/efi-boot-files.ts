import type { Architecture } from "../../vocabulary.ts";
import type { LimitedReader } from "../disk-reader.ts";
import { type FatEntry, type FatGeometry, hasDirectoryEnd, readFatDirectory } from "./fat.ts";

/** As far as a directory is read at first: 64 entries, far more than there are in these. */
const DIRECTORY_BYTES = 2048;
/** As far as it is read when it does not end there. */
const MAX_DIRECTORY_BYTES = 4096;
const MAX_ROOT_BYTES = 16 * 1024;
const MIN_WINDOW_BYTES = 4096;
const SHORT_NAME = { efi: "EFI        ", boot: "BOOT       " } as const;

/**
 * What an EFI system partition starts. `machines` is null where the directories could not be read.
 * A new machine's firmware has no boot entries yet: it starts `\EFI\BOOT\BOOTX64.EFI` or nothing
 * (UEFI specification 3.5.1.1).
 */
export interface EfiBootFiles {
  readonly machines: readonly (Architecture | "x86")[] | null;
  readonly hasMicrosoftLoader: boolean;
}

const MACHINES = [
  { machine: "x64", name: "BOOTX64 EFI" },
  { machine: "Arm64", name: "BOOTAA64EFI" },
  { machine: "x86", name: "BOOTIA32EFI" },
] as const;

/**
 * Looks into `\EFI` and `\EFI\BOOT` of a FAT volume that starts at `start`: three reads at most, and one
 * more for each directory that goes on after what is read of it at first.
 */
export async function readEfiBootFiles(
  reader: LimitedReader,
  start: number,
  fat: FatGeometry,
): Promise<EfiBootFiles> {
  const rootStart = start + fat.rootOffset;
  await reader.read(rootStart, measureWindow(fat));
  const open = (entry: FatEntry): Promise<readonly FatEntry[] | null> => {
    const offset = start + fat.dataOffset + (entry.firstCluster - 2) * fat.clusterBytes;
    return readDirectory(reader, offset, Math.min(fat.clusterBytes, MAX_DIRECTORY_BYTES));
  };
  const rootBytes = Math.min(fat.rootBytes ?? fat.clusterBytes, MAX_ROOT_BYTES);
  const root = await readDirectory(reader, rootStart, rootBytes);
  if (root === null) return { machines: null, hasMicrosoftLoader: false };
  const efi = findDirectory(root, SHORT_NAME.efi);
  if (efi === null) return { machines: [], hasMicrosoftLoader: false };
  const vendors = await open(efi);
  if (vendors === null) return { machines: null, hasMicrosoftLoader: false };
  // Nine letters: its short name is a cut one.
  const hasMicrosoftLoader = vendors.some((entry) => /^MICROS~\d/.test(entry.name));
  const boot = findDirectory(vendors, SHORT_NAME.boot);
  const files = boot === null ? [] : await open(boot);
  const machines = files && MACHINES.filter(({ name }) => files.some((file) => file.name === name));
  return { machines: machines?.map(({ machine }) => machine) ?? null, hasMicrosoftLoader };
}

/**
 * Bytes from the root directory on that hold the other two as well on a fresh volume of FAT32, where
 * each took the next cluster; a root directory of fixed size is too long for that.
 */
function measureWindow({ rootBytes, clusterBytes }: FatGeometry): number {
  const isNear = rootBytes === null && clusterBytes <= MAX_DIRECTORY_BYTES;
  const fresh = 2 * clusterBytes + Math.min(clusterBytes, DIRECTORY_BYTES);
  return isNear ? Math.max(MIN_WINDOW_BYTES, fresh) : DIRECTORY_BYTES;
}

/** The entries of a directory of `maxBytes` at most; null when the budget does not cover it. */
async function readDirectory(
  reader: LimitedReader,
  offset: number,
  maxBytes: number,
): Promise<readonly FatEntry[] | null> {
  const first = await reader.read(offset, Math.min(maxBytes, DIRECTORY_BYTES));
  const isWhole = first === null || maxBytes <= DIRECTORY_BYTES || hasDirectoryEnd(first);
  const bytes = isWhole ? first : await reader.read(offset, maxBytes);
  return bytes && readFatDirectory(bytes);
}

function findDirectory(entries: readonly FatEntry[], name: string): FatEntry | null {
  return entries.find((entry) => entry.isDirectory && entry.name === name) ?? null;
}
