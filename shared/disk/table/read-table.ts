import { SECTOR_BYTES } from "../bytes.ts";
import { readFileSystem } from "../content/file-systems.ts";
import { readGrubCore } from "../content/grub-core.ts";
import { viewVolume } from "../content/volume-view.ts";
import type { LimitedReader } from "../disk-reader.ts";
import { DISK_HEAD_BYTES } from "../read-ends.ts";
import { readLogicalPartitions } from "./extended-partition.ts";
import type { GptEntry } from "./gpt.ts";
import { hasLargeSectorGpt } from "./large-sectors.ts";
import type { PlacedPartition, TableReading } from "./layout.ts";
import { type MbrEntry, type MbrReading, PROTECTIVE_TYPE, readMbr } from "./mbr.ts";
import { describePlaces } from "./partition-places.ts";
import { findGptType, findMbrType } from "./partition-types.ts";
import { type GptReading, readGpt } from "./read-gpt.ts";
import { readWholeDisk, type WholeDisk } from "./whole-disk.ts";

/** Reads how a disk of `diskBytes` is divided: GPT, MBR, or a file system without a table. */
export async function readPartitionTable(
  reader: LimitedReader,
  diskBytes: number,
): Promise<TableReading> {
  const head = (await reader.read(0, Math.min(DISK_HEAD_BYTES, diskBytes))) ?? new Uint8Array();
  const sector = head.subarray(0, SECTOR_BYTES);
  const mbr = readMbr(sector);
  const gpt = await readGpt(reader, diskBytes);
  const { bootCode, hasSignature: hasBootSignature } = mbr;
  const grubCore = bootCode === "GRUB" ? await readGrubCore(reader, sector) : null;
  const common = { ...UNDIVIDED, bootCode, hasBootSignature, grubCore };
  const entries = mbr.entries ?? [];
  const isProtected = entries.some(({ type }) => type === PROTECTIVE_TYPE);
  const isMbrDisk = entries.some(({ type }) => type !== PROTECTIVE_TYPE);
  // Where the protective entry is in a wrong place, the MBR counts, if it has partitions.
  if (gpt !== null && isProtected && (mbr.isProtective || !isMbrDisk)) {
    return { ...common, ...describeGpt(gpt, mbr, diskBytes) };
  }
  const atHead = readFileSystem(viewVolume(diskBytes, [{ offset: 0, bytes: head }]));
  // Left over where sector 0 or a file system was written after it.
  if (hasLargeSectorGpt(head) && !isMbrDisk && atHead === null) {
    return { ...common, hasLargeSectors: true, warnings: [LARGE_SECTORS] };
  }
  const isDivided = entries.length > 0 && entries.every((entry) => fits(entry, diskBytes));
  if (isDivided) {
    const reading = await describeMbr(reader, mbr, { diskBytes, hasGpt: gpt !== null });
    const stale = gpt === null ? [] : [isProtected ? MISPLACED_WITH_PARTITIONS : STALE_GPT];
    const rival = atHead?.isSure ? [describeRival(atHead.name)] : [];
    return {
      ...common,
      ...reading,
      isVerified: rival.length === 0,
      warnings: [...(reading.warnings ?? []), ...stale, ...rival],
    };
  }
  const isNearOnly = gpt?.isPrimary === true;
  const whole = await readWholeDisk(reader, head, { diskBytes, isNearOnly });
  if (whole.fileSystem === null && gpt !== null) {
    return { ...common, ...describeGpt(gpt, mbr, diskBytes) };
  }
  if (whole.fileSystem === null && entries.length > 0) {
    return { ...common, ...(await describeMbr(reader, mbr, { diskBytes, hasGpt: gpt !== null })) };
  }
  const stale = gpt === null ? [] : [REMAINS_OF_GPT];
  return { ...common, ...(await describeWhole(reader, whole, diskBytes)), warnings: stale };
}

const STALE_GPT =
  "a GPT of an earlier partitioning is still there, but the MBR does not point to it; it is ignored ('wipefs' or 'sgdisk -z' removes it)";
const REMAINS_OF_GPT =
  "the remains of a GPT are still there, without a protective MBR; the file system over them counts";
const LARGE_SECTORS =
  "its GPT is for sectors of 4096 bytes, but the disks of Azure have sectors of 512 bytes: the partitions are not found, and no machine starts from this disk (recreate the image with 512-byte sectors)";
const UNPROTECTED =
  "there is no protective MBR in sector 0, and firmware ignores a GPT without one: no machine starts from this disk ('gdisk' with 'x', 'n', 'w' writes a new one)";
const MISPLACED_PROTECTION =
  "the protective MBR does not begin at sector 1, so UEFI firmware ignores the GPT ('gdisk' with 'x', 'n', 'w' writes a new one)";
const MISPLACED_WITH_PARTITIONS =
  "the protective entry of the MBR does not begin at sector 1, so firmware and systems ignore the GPT and take the partitions of the MBR ('gdisk' with 'x', 'n', 'w' writes a new one)";

function describeRival(name: string): string {
  return `the disk has a partition table and also a whole-disk signature of ${name}; one of them is stale, so neither is relied upon ('wipefs' lists both, 'wipefs --offset' removes one)`;
}

/** A disk of which nothing is known. */
export const UNDIVIDED = {
  table: "none",
  partitions: [],
  emptiness: null,
  wholeDisk: null,
  wholeDiskEfi: null,
  bootCode: "none",
  hasBootSignature: false,
  grubCore: null,
  isHybrid: false,
  isUnprotected: false,
  hasLargeSectors: false,
  isVerified: true,
  isCut: false,
  warnings: [],
} as const satisfies TableReading;

async function describeWhole(
  reader: LimitedReader,
  { fileSystem, efi, isBlank: isBlankAsRead }: WholeDisk,
  diskBytes: number,
): Promise<Partial<TableReading>> {
  const isNothing = fileSystem === null && isBlankAsRead;
  const isWritten = isNothing ? await reader.isWritten(diskBytes) : true;
  const emptiness = isWritten === false ? "unwritten" : isNothing ? "blank as read" : null;
  // Only FAT leaves room for boot code; the sector belongs to every other file system.
  const code = fileSystem === null || efi !== null ? {} : ({ bootCode: "none" } as const);
  return { wholeDisk: fileSystem, wholeDiskEfi: efi, emptiness, ...code };
}

/** Within the sectors that the header leaves for partitions: firmware passes over the others. */
function isUsable(
  { firstSector, lastSector }: GptEntry,
  { firstUsableSector, lastUsableSector }: GptReading,
): boolean {
  return firstSector >= firstUsableSector && lastSector <= lastUsableSector;
}

function fits(entry: MbrEntry, diskBytes: number): boolean {
  return entry.firstSector > 0 && entry.firstSector * SECTOR_BYTES < diskBytes;
}

function describeGpt(gpt: GptReading, mbr: MbrReading, diskBytes: number): Partial<TableReading> {
  const listed = gpt.entries.map(
    (entry): PlacedPartition => ({
      type: findGptType(entry.typeGuid),
      start: entry.firstSector * SECTOR_BYTES,
      size: (entry.lastSector - entry.firstSector + 1) * SECTOR_BYTES,
      isActive: entry.isLegacyBoot,
      isIgnored: entry.isWithoutBlockIo || !isUsable(entry, gpt),
      name: entry.name,
    }),
  );
  const usable = {
    start: gpt.firstUsableSector * SECTOR_BYTES,
    end: (gpt.lastUsableSector + 1) * SECTOR_BYTES,
  };
  const { partitions, warnings } = describePlaces(listed, { diskBytes, usable });
  const others = (mbr.entries ?? []).filter(({ type }) => type !== PROTECTIVE_TYPE);
  const hasEntry = (mbr.entries ?? []).length > others.length;
  const protection = mbr.isProtective ? [] : [hasEntry ? MISPLACED_PROTECTION : UNPROTECTED];
  return {
    table: "gpt",
    partitions,
    isHybrid: others.length > 0,
    isUnprotected: !mbr.isProtective,
    isVerified: gpt.isVerified,
    warnings: [...protection, ...gpt.warnings, ...warnings],
  };
}

async function describeMbr(
  reader: LimitedReader,
  mbr: MbrReading,
  { diskBytes, hasGpt }: { readonly diskBytes: number; readonly hasGpt: boolean },
): Promise<Partial<TableReading>> {
  const entries = mbr.entries ?? [];
  const extended = entries.filter(({ isExtended }) => isExtended);
  const logical = extended.length > 0 ? await readLogicalPartitions(reader, extended) : null;
  const used = entries.filter(({ isExtended, type }) => !isExtended && type !== PROTECTIVE_TYPE);
  const listed = [...used, ...(logical?.entries ?? [])].map(placeMbrEntry);
  const { partitions, warnings } = describePlaces(listed, { diskBytes, isAllOrNone: true });
  const cut = "the extended partition holds more than could be followed within the read budget";
  const lost = "the MBR is that of a GPT disk, but there is no GPT";
  const isLost = !hasGpt && entries.some(({ type }) => type === PROTECTIVE_TYPE);
  return {
    table: "mbr",
    partitions,
    isCut: logical?.isCut ?? false,
    warnings: [...(isLost ? [lost] : []), ...warnings, ...(logical?.isCut ? [cut] : [])],
  };
}

function placeMbrEntry(entry: MbrEntry): PlacedPartition {
  return {
    type: findMbrType(entry.type),
    start: entry.firstSector * SECTOR_BYTES,
    size: entry.sectorCount * SECTOR_BYTES,
    isActive: entry.isActive,
    isIgnored: false,
    name: null,
  };
}
