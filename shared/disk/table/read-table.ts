import { isBlank, SECTOR_BYTES } from "../bytes.ts";
import { BTRFS, ISO_9660, readDistantFileSystem } from "../content/distant-file-systems.ts";
import { type FileSystemReading, readFileSystem } from "../content/file-systems.ts";
import type { LimitedReader } from "../disk-reader.ts";
import { DISK_HEAD_BYTES } from "../read-ends.ts";
import { readLogicalPartitions } from "./extended-partition.ts";
import type { PlacedPartition, TableReading } from "./layout.ts";
import { type MbrEntry, type MbrReading, PROTECTIVE_TYPE, readMbr } from "./mbr.ts";
import { describePlaces } from "./partition-places.ts";
import { findGptType, findMbrType } from "./partition-types.ts";
import { type GptReading, readGpt } from "./read-gpt.ts";

/** Reads how a disk of `diskBytes` is divided: GPT, MBR, or a file system without a table. */
export async function readPartitionTable(
  reader: LimitedReader,
  diskBytes: number,
): Promise<TableReading> {
  const head = (await reader.read(0, Math.min(DISK_HEAD_BYTES, diskBytes))) ?? new Uint8Array();
  const mbr = readMbr(head.subarray(0, SECTOR_BYTES));
  const gpt = await readGpt(reader, diskBytes);
  const entries = mbr.entries ?? [];
  const isProtected = entries.some(({ type }) => type === PROTECTIVE_TYPE);
  if (gpt !== null && (isProtected || entries.length === 0)) {
    return describeGpt(gpt, mbr, diskBytes);
  }
  const isDivided = entries.length > 0 && entries.every((entry) => fits(entry, diskBytes));
  const wholeDisk = isDivided ? null : await readWholeDisk(reader, head);
  if (mbr.entries !== null && wholeDisk === null) {
    const reading = await describeMbr(reader, mbr, diskBytes);
    return gpt === null ? reading : { ...reading, warnings: [...reading.warnings, STALE_GPT] };
  }
  const warnings = describeLargeSectors(head);
  return { ...UNDIVIDED, isBlank: isBlank(head), wholeDisk, warnings };
}

const STALE_GPT =
  "a GPT of an earlier partitioning is still there, but the MBR does not point to it; it is ignored ('wipefs' or 'sgdisk -z' removes it)";

const UNDIVIDED = {
  table: "none",
  partitions: [],
  bootCode: "none", // sector 0 belongs to the file system
  isHybrid: false,
  isVerified: true,
} as const satisfies Partial<TableReading>;

/**
 * The file system of a disk without partitions. An MBR may stand in front of one all the same: Btrfs
 * and ISO 9660 leave the first sectors as they were.
 */
async function readWholeDisk(
  reader: LimitedReader,
  head: Uint8Array,
): Promise<FileSystemReading | null> {
  const near = readFileSystem(head);
  if (near !== null) return near;
  const [iso, btrfs] = await Promise.all([
    readDistantFileSystem(reader, 0, ISO_9660),
    readDistantFileSystem(reader, 0, BTRFS),
  ]);
  return iso ?? btrfs;
}

function fits(entry: MbrEntry, diskBytes: number): boolean {
  return entry.firstSector > 0 && entry.firstSector * SECTOR_BYTES < diskBytes;
}

function describeGpt(gpt: GptReading, mbr: MbrReading, diskBytes: number): TableReading {
  const listed = gpt.entries.map(
    (entry): PlacedPartition => ({
      type: findGptType(entry.typeGuid),
      start: entry.firstSector * SECTOR_BYTES,
      size: (entry.lastSector - entry.firstSector + 1) * SECTOR_BYTES,
      isActive: entry.isLegacyBoot,
      name: entry.name,
    }),
  );
  const { partitions, warnings } = describePlaces(listed, diskBytes);
  return {
    table: "gpt",
    partitions,
    isBlank: false,
    wholeDisk: null,
    bootCode: mbr.bootCode,
    isHybrid: (mbr.entries ?? []).some(({ type }) => type !== PROTECTIVE_TYPE),
    isVerified: gpt.isVerified,
    warnings: [...gpt.warnings, ...warnings],
  };
}

async function describeMbr(
  reader: LimitedReader,
  mbr: MbrReading,
  diskBytes: number,
): Promise<TableReading> {
  const entries = mbr.entries ?? [];
  const extended = entries.find(({ isExtended }) => isExtended);
  const logical = extended ? await readLogicalPartitions(reader, extended) : null;
  const used = entries.filter(({ isExtended, type }) => !isExtended && type !== PROTECTIVE_TYPE);
  const listed = [...used, ...(logical?.entries ?? [])].map(placeMbrEntry);
  const { partitions, warnings } = describePlaces(listed, diskBytes);
  const cut = "the extended partition holds more than could be followed within the read budget";
  const lost = "the MBR is that of a GPT disk, but there is no GPT";
  return {
    table: "mbr",
    partitions,
    isBlank: false,
    wholeDisk: null,
    bootCode: mbr.bootCode,
    isHybrid: false,
    isVerified: true,
    warnings: [
      ...(entries.some(({ type }) => type === PROTECTIVE_TYPE) ? [lost] : []),
      ...warnings,
      ...(logical?.isCut ? [cut] : []),
    ],
  };
}

function placeMbrEntry(entry: MbrEntry): PlacedPartition {
  return {
    type: findMbrType(entry.type),
    start: entry.firstSector * SECTOR_BYTES,
    size: entry.sectorCount * SECTOR_BYTES,
    isActive: entry.isActive,
    name: null,
  };
}

/** A GPT for sectors of 4096 bytes stands at byte 4096, where nobody looks on a VHD. */
function describeLargeSectors(head: Uint8Array): readonly string[] {
  const text = new TextDecoder("latin1").decode(head.subarray(4096, 4104));
  if (text !== "EFI PART") return [];
  return [
    "the disk was partitioned with sectors of 4096 bytes; a VHD has sectors of 512, so its GPT will not be found",
  ];
}
