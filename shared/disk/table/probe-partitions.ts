import { isBlank } from "../bytes.ts";
import { nameBootCode, nameWindowsLoader } from "../content/boot-code.ts";
import { readFat } from "../content/boot-sector-rules.ts";
import { type EfiBootFiles, readEfiBootFiles } from "../content/efi-boot-files.ts";
import { readBootSectorLabel } from "../content/fat.ts";
import { type FileSystemReading, HEAD_BYTES, readFileSystem } from "../content/file-systems.ts";
import { isGrubCore } from "../content/grub-core.ts";
import { type VolumePiece, type VolumeView, viewVolume } from "../content/volume-view.ts";
import { type LimitedReader, READ_LIMITS } from "../disk-reader.ts";
import { choosePartitions, EFI_READS } from "./choose-partitions.ts";
import { BOOT_RECORD } from "./el-torito.ts";
import { FAR_MARKS, placeEndMarks, type Stretch } from "./far-marks.ts";
import type { PlacedPartition, ProbedPartition } from "./layout.ts";
import { mayHoldDisk } from "./nested-disk.ts";
import { hasDistantLabel, readVolumeLabel } from "./volume-labels.ts";

const SECTOR = 512;

/** What was read of each partition; the pieces grow as more is read. */
type Pieces = ReadonlyMap<PlacedPartition, VolumePiece[]>;

/**
 * Looks into the partitions, as many as the budget allows: first those that a machine starts from, then
 * those whose type says least, then the largest. The others stay `isRead: false`. Of partitions that are
 * not for file systems one sector is read, last of all: firmware would see a FAT in them.
 */
export async function probePartitions(
  reader: LimitedReader,
  partitions: readonly PlacedPartition[],
): Promise<readonly ProbedPartition[]> {
  const chosen = choosePartitions(partitions, READ_LIMITS.reads - reader.spent().reads);
  const pieces = await readHeads(reader, chosen);
  const isEfi = ({ type }: PlacedPartition): boolean => type.boot === "efi";
  const fats = chosen.filter((partition) => fatOf(partition, pieces) !== null);
  const efi = new Map<PlacedPartition, EfiBootFiles>();
  const lookInto = async (partition: PlacedPartition): Promise<void> => {
    const fat = fatOf(partition, pieces);
    if (fat !== null) efi.set(partition, await readEfiBootFiles(reader, partition.start, fat));
  };
  const [first] = fats.toSorted((a, b) => Number(isEfi(b)) - Number(isEfi(a)));
  const kept = Math.min(fats.length, 2) * EFI_READS;
  const isClear = chosen.every(
    (partition) =>
      partition.type.opaque === true ||
      !(isUnknown(partition, pieces) || isDoubtful(partition, pieces)),
  );
  const [labels] = await Promise.all([
    isClear ? readLabels(reader, chosen, { pieces, kept }) : NO_LABELS,
    readFarther(reader, chosen, { pieces, kept }),
    first && lookInto(first),
  ]);
  const late = isClear ? NO_LABELS : await readLabels(reader, chosen, { pieces, kept });
  // One after the other: what the first leaves of the budget is the next one's.
  for (const partition of fats) if (partition !== first) await lookInto(partition);
  return partitions.map((partition) => {
    const files = efi.get(partition) ?? null;
    const label = labels.get(partition) ?? late.get(partition) ?? files?.label;
    return describe(partition, pieces.get(partition), { files, label });
  });
}

async function readHeads(
  reader: LimitedReader,
  partitions: readonly PlacedPartition[],
): Promise<Pieces> {
  const read = await Promise.all(
    partitions.map(async (partition) => {
      const count = Math.min(partition.type.opaque ? SECTOR : HEAD_BYTES, partition.size);
      const bytes = await reader.read(partition.start, count);
      return [partition, bytes ? [{ offset: 0, bytes }] : []] as const;
    }),
  );
  return new Map(read.filter(([, found]) => found.length > 0));
}

/** Where in a partition more is looked for, in rounds: the likelier places first. */
async function readFarther(
  reader: LimitedReader,
  chosen: readonly PlacedPartition[],
  { pieces, kept }: { readonly pieces: Pieces; readonly kept: number },
): Promise<void> {
  const { superblocks, middle, zfs, vmfs, zfsList } = FAR_MARKS;
  const rounds: readonly ((partition: PlacedPartition) => readonly Stretch[])[] = [
    (partition) => (needsEndMarks(partition, pieces) ? placeEndMarks(partition.size) : []),
    (partition) => (isDoubtful(partition, pieces) ? [zfsList] : []),
    (partition) => (isUnknown(partition, pieces) ? [superblocks] : []),
    (partition) => {
      if (isPuzzling(partition, pieces)) return [middle];
      return isUnknown(partition, pieces) ? [BOOT_RECORD] : [];
    },
    (partition) => (isPuzzling(partition, pieces) ? placeEndMarks(partition.size) : []),
    (partition) => (isPuzzling(partition, pieces) ? [zfs, vmfs] : []),
  ];
  for (const round of rounds) {
    const wanted = chosen
      .filter((partition) => pieces.has(partition) && !partition.type.opaque)
      .flatMap((partition) => round(partition).map((stretch) => ({ partition, stretch })))
      .filter(({ partition, stretch }) => stretch.offset >= 0 && stretch.offset < partition.size);
    const spare = READ_LIMITS.reads - reader.spent().reads - Math.max(0, kept);
    await Promise.all(
      wanted.slice(0, Math.max(0, spare)).map(async ({ partition, stretch }) => {
        const count = Math.min(stretch.bytes, partition.size - stretch.offset);
        const bytes = await reader.read(partition.start + stretch.offset, count);
        if (bytes !== null) pieces.get(partition)?.push({ offset: stretch.offset, bytes });
      }),
    );
  }
}

/** Nothing was recognised in it so far. */
function isUnknown(partition: PlacedPartition, pieces: Pieces): boolean {
  return fileSystemOf(partition, pieces) === null;
}

/** The same, and its type does not explain it either: a blank partition for Linux may be a spare one. */
function isPuzzling(partition: PlacedPartition, pieces: Pieces): boolean {
  const isBare = (pieces.get(partition) ?? []).every(({ bytes }) => isBlank(bytes));
  return isUnknown(partition, pieces) && (partition.type.system === undefined || !isBare);
}

/** Its content is of another system than its type: one of them may be left over. */
function isDoubtful(partition: PlacedPartition, pieces: Pieces): boolean {
  const system = fileSystemOf(partition, pieces)?.system ?? null;
  const { type } = partition;
  return system !== null && type.system !== undefined && type.system !== system;
}

/** A member of a RAID begins as what is inside, where its superblock is at the end. */
function needsEndMarks(partition: PlacedPartition, pieces: Pieces): boolean {
  const { isRaid, system, boot } = partition.type;
  const isOfAnything = system === undefined && boot === undefined;
  const found = fileSystemOf(partition, pieces);
  const mayBeInside = found !== null && found.system !== null && found.name !== "swap";
  return isRaid === true || isDoubtful(partition, pieces) || (isOfAnything && mayBeInside);
}

function fileSystemOf(partition: PlacedPartition, pieces: Pieces): FileSystemReading | null {
  return readFileSystem(viewOfPartition(partition, pieces.get(partition)));
}

function viewOfPartition(
  { size }: PlacedPartition,
  found: readonly VolumePiece[] = [],
): VolumeView {
  return viewVolume(size, found);
}

function fatOf(partition: PlacedPartition, pieces: Pieces): ReturnType<typeof readFat> {
  return readFat(viewOfPartition(partition, pieces.get(partition)));
}

const NO_LABELS: ReadonlyMap<PlacedPartition, string> = new Map();

/** Labels that are not in the first bytes, as far as reads are left: they decide nothing. */
async function readLabels(
  reader: LimitedReader,
  chosen: readonly PlacedPartition[],
  { pieces, kept }: { readonly pieces: Pieces; readonly kept: number },
): Promise<ReadonlyMap<PlacedPartition, string>> {
  const spare = Math.max(0, READ_LIMITS.reads - reader.spent().reads - kept);
  const far = chosen
    .map((partition) => ({ partition, view: viewOfPartition(partition, pieces.get(partition)) }))
    .map(({ partition, view }) => ({ partition, view, name: readFileSystem(view)?.name }))
    .filter(({ name }) => hasDistantLabel(name));
  const read = await Promise.all(
    far.slice(0, spare).map(async ({ partition, view, name }) => {
      const label = await readVolumeLabel(reader, { name, view, start: partition.start });
      return [partition, label] as const;
    }),
  );
  return new Map(read.filter((entry): entry is [PlacedPartition, string] => entry[1] !== null));
}

function describe(
  partition: PlacedPartition,
  found: readonly VolumePiece[] = [],
  {
    files,
    label,
  }: { readonly files: EfiBootFiles | null; readonly label: string | null | undefined },
): ProbedPartition {
  const view = viewOfPartition(partition, found);
  const sector = view.slice(0, SECTOR);
  const fat = readFat(view);
  const fileSystem = readFileSystem(view);
  const own = fat && sector ? readBootSectorLabel(sector, fat) : (fileSystem?.label ?? null);
  return {
    ...partition,
    isRead: found.length > 0,
    isBlank: found.every(({ bytes }) => isBlank(bytes)),
    fileSystem: fileSystem && { ...fileSystem, label: label === undefined ? own : label },
    bootCode: sector && nameBootCode(sector),
    mayHoldDisk: mayHoldDisk(partition, view),
    hasGrubCore: sector !== null && isGrubCore(sector),
    windowsLoader: sector && nameWindowsLoader(sector),
    efi: files ?? (fat ? { machines: null, vendors: [], label: undefined } : null),
  };
}
