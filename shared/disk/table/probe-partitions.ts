import { nameWindowsLoader } from "../content/boot-code.ts";
import { BTRFS, readDistantFileSystem } from "../content/distant-file-systems.ts";
import { type EfiBootFiles, readEfiBootFiles } from "../content/efi-boot-files.ts";
import { readFatGeometry } from "../content/fat.ts";
import { HEAD_BYTES, readFileSystem } from "../content/file-systems.ts";
import { type LimitedReader, READ_LIMITS } from "../disk-reader.ts";
import type { PlacedPartition, ProbedPartition } from "./layout.ts";

/** Reads that are kept back: three directories of the EFI system partition, and one for Btrfs. */
const EFI_READS = 3;
const BTRFS_READS = 1;

/**
 * Looks into the partitions, as many as the budget allows: first those that a machine starts from,
 * then the largest. The others stay `isRead: false`.
 */
export async function probePartitions(
  reader: LimitedReader,
  partitions: readonly PlacedPartition[],
): Promise<readonly ProbedPartition[]> {
  const chosen = choosePartitions(partitions, READ_LIMITS.reads - reader.spent().reads);
  const heads = await readHeads(reader, chosen);
  const esp = chosen.find(({ type }) => type.boot === "efi") ?? null;
  // The directories come first: what they tell is worth more than one more Btrfs.
  const [efi, btrfs] = await Promise.all([
    esp && readEfi(reader, esp, heads.get(esp)),
    readBtrfsVolumes(reader, chosen, heads),
  ]);
  return partitions.map((partition) => {
    const head = heads.get(partition);
    return {
      ...partition,
      isRead: head !== undefined,
      fileSystem: (head && readFileSystem(head)) ?? btrfs.get(partition) ?? null,
      windowsLoader: head ? nameWindowsLoader(head.subarray(0, 512)) : null,
      efi: partition === esp ? efi : null,
    };
  });
}

/** The partitions worth a read, in the order of their worth, within the number of reads left. */
function choosePartitions(
  partitions: readonly PlacedPartition[],
  readsLeft: number,
): readonly PlacedPartition[] {
  const candidates = partitions.filter(({ type }) => !type.opaque);
  const hasEfi = candidates.some(({ type }) => type.boot === "efi");
  const count = Math.max(0, readsLeft - BTRFS_READS - (hasEfi ? EFI_READS : 0));
  const rank = (partition: PlacedPartition): number =>
    partition.type.boot === "efi" ? 2 : partition.isActive ? 1 : 0;
  return candidates.toSorted((a, b) => rank(b) - rank(a) || b.size - a.size).slice(0, count);
}

type Heads = ReadonlyMap<PlacedPartition, Uint8Array>;

async function readHeads(
  reader: LimitedReader,
  partitions: readonly PlacedPartition[],
): Promise<Heads> {
  const read = await Promise.all(
    partitions.map(async (partition) => {
      const bytes = await reader.read(partition.start, Math.min(HEAD_BYTES, partition.size));
      return [partition, bytes] as const;
    }),
  );
  return new Map(read.flatMap(([partition, bytes]) => (bytes ? [[partition, bytes]] : [])));
}

async function readEfi(
  reader: LimitedReader,
  esp: PlacedPartition,
  head: Uint8Array | undefined,
): Promise<EfiBootFiles | null> {
  if (head === undefined) return null;
  const fat = readFatGeometry(head);
  if (fat === null) return { machines: [], hasMicrosoftLoader: false };
  return readEfiBootFiles(reader, esp.start, fat);
}

/** The superblock of Btrfs is 64 KiB into a partition: read where nothing else was recognised. */
async function readBtrfsVolumes(
  reader: LimitedReader,
  chosen: readonly PlacedPartition[],
  heads: Heads,
) {
  const unknown = chosen.filter((partition) => {
    const head = heads.get(partition);
    const mayHold = partition.type.boot === undefined && partition.size > BTRFS.offset;
    return mayHold && head !== undefined && readFileSystem(head) === null;
  });
  const hasEfi = chosen.some(({ type }) => type.boot === "efi");
  const left = READ_LIMITS.reads - reader.spent().reads - (hasEfi ? EFI_READS - 1 : 0);
  const read = await Promise.all(
    unknown.slice(0, Math.max(0, left)).map(async (partition) => {
      const volume = await readDistantFileSystem(reader, partition.start, BTRFS);
      return [partition, volume] as const;
    }),
  );
  return new Map(read);
}
