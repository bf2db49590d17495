import type { LimitedReader } from "./disk-reader.ts";
import { type FatEntry, type FatGeometry, readFatDirectory } from "./fat.ts";

/** The first read holds the small directories of a fresh volume all together. */
const WINDOW_BYTES = 16 * 1024;
const DIRECTORY_BYTES = 4096;
const SHORT_NAME = { efi: "EFI        ", boot: "BOOT       " } as const;

/**
 * What an EFI system partition starts. `machines` is null where the directories could not be read.
 * A new machine's firmware has no boot entries yet: it starts `\EFI\BOOT\BOOTX64.EFI` or nothing
 * (UEFI specification 3.5.1.1).
 */
export interface EfiBootFiles {
  readonly machines: readonly ("x64" | "Arm64" | "x86")[] | null;
  readonly hasMicrosoftLoader: boolean;
}

const MACHINES = [
  { machine: "x64", name: "BOOTX64 EFI" },
  { machine: "Arm64", name: "BOOTAA64EFI" },
  { machine: "x86", name: "BOOTIA32EFI" },
] as const;

/** Looks into `\EFI` and `\EFI\BOOT` of a FAT volume that starts at `start`: three reads at most. */
export async function readEfiBootFiles(
  reader: LimitedReader,
  start: number,
  fat: FatGeometry,
): Promise<EfiBootFiles> {
  await reader.read(start + fat.rootOffset, WINDOW_BYTES);
  const rootBytes = Math.min(fat.rootBytes ?? fat.clusterBytes, WINDOW_BYTES);
  const root = await reader.read(start + fat.rootOffset, rootBytes);
  const open = async (entry: FatEntry): Promise<readonly FatEntry[] | null> => {
    const offset = start + fat.dataOffset + (entry.firstCluster - 2) * fat.clusterBytes;
    const bytes = await reader.read(offset, Math.min(fat.clusterBytes, DIRECTORY_BYTES));
    return bytes && readFatDirectory(bytes);
  };
  if (root === null) return { machines: null, hasMicrosoftLoader: false };
  const efi = findDirectory(readFatDirectory(root), SHORT_NAME.efi);
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

function findDirectory(entries: readonly FatEntry[], name: string): FatEntry | null {
  return entries.find((entry) => entry.isDirectory && entry.name === name) ?? null;
}
