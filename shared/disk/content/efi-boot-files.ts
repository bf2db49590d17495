import type { Architecture } from "../../vocabulary.ts";
import type { LimitedReader } from "../disk-reader.ts";
import type { FatGeometry } from "./fat.ts";
import type { FatEntry } from "./fat-directory.ts";
import { DIRECTORY_BYTES, type DirectoryReading, openFat } from "./fat-files.ts";

const MIN_WINDOW_BYTES = 4096;
const MAX_NEAR_CLUSTER_BYTES = 4096;
/** Names that are kept of `\EFI`: they are reported, and there may be thousands. */
const MAX_VENDORS = 16;

/**
 * What firmware finds in a FAT volume. `machines` is null where the directories could not be read to
 * their end. A new machine's firmware has no boot entries yet: it starts `\EFI\BOOT\BOOTX64.EFI` or
 * nothing (UEFI specification 3.5.1.1).
 */
export interface EfiBootFiles {
  readonly machines: readonly (Architecture | "x86")[] | null;
  /** Directories of `\EFI` but BOOT, in lower case: those of loaders that a boot entry names. */
  readonly vendors: readonly string[];
  /** The volume's label by its root directory; undefined where that was not read. */
  readonly label: string | null | undefined;
}

const MACHINES = [
  { machine: "x64", name: "BOOTX64.EFI" },
  { machine: "Arm64", name: "BOOTAA64.EFI" },
  { machine: "x86", name: "BOOTIA32.EFI" },
] as const;

const UNREAD: EfiBootFiles = { machines: null, vendors: [], label: undefined };

/**
 * Looks into `\EFI` and `\EFI\BOOT` of a FAT volume that starts at `start`: three reads where they are
 * short, and more for each directory that is longer than its first read.
 */
export async function readEfiBootFiles(
  reader: LimitedReader,
  start: number,
  fat: FatGeometry,
): Promise<EfiBootFiles> {
  const files = openFat(reader, start, fat);
  await reader.read(start + fat.rootOffset, measureWindow(fat));
  const root = await files.readRoot();
  if (root === null) return UNREAD;
  const { label } = root;
  const efi = findEntry(root, "EFI", true);
  if (efi === null) return { machines: root.isWhole ? [] : null, vendors: [], label };
  const vendors = await files.readDirectory(efi.firstCluster);
  if (vendors === null) return { ...UNREAD, label };
  const named = listVendors(vendors);
  const boot = findEntry(vendors, "BOOT", true);
  if (boot === null) return { machines: vendors.isWhole ? [] : null, vendors: named, label };
  return {
    machines: findMachines(await files.readDirectory(boot.firstCluster)),
    vendors: named,
    label,
  };
}

/** What is found is there, but only a directory that was read to the end shows what is missing. */
function findMachines(directory: DirectoryReading | null): EfiBootFiles["machines"] {
  if (directory === null) return null;
  const found = MACHINES.filter(({ name }) => (findEntry(directory, name, false)?.size ?? 0) > 0);
  if (found.length === 0 && !directory.isWhole) return null;
  return found.map(({ machine }) => machine);
}

/**
 * Bytes from the root directory on that hold the other two as well on a fresh volume of FAT32, where
 * each took the next cluster; a root directory of fixed size is too long for that.
 */
function measureWindow({ rootBytes, clusterBytes }: FatGeometry): number {
  const isNear = rootBytes === null && clusterBytes <= MAX_NEAR_CLUSTER_BYTES;
  const fresh = 2 * clusterBytes + Math.min(clusterBytes, DIRECTORY_BYTES);
  return isNear ? Math.max(MIN_WINDOW_BYTES, fresh) : DIRECTORY_BYTES;
}

/** Names are compared in any case, the short one as well as the long one. */
function findEntry(
  { entries }: DirectoryReading,
  name: string,
  isDirectory: boolean,
): FatEntry | null {
  const isNamed = (entry: FatEntry): boolean =>
    entry.name.toUpperCase() === name || entry.shortName.toUpperCase() === name;
  return entries.find((entry) => entry.isDirectory === isDirectory && isNamed(entry)) ?? null;
}

function listVendors({ entries }: DirectoryReading): readonly string[] {
  return entries
    .filter(({ isDirectory, name }) => isDirectory && !name.startsWith("."))
    .map(({ name }) => name.toLowerCase())
    .filter((name) => name !== "boot")
    .slice(0, MAX_VENDORS);
}
