import { SECTOR_BYTES } from "../bytes.ts";
import { crc32 } from "../crc32.ts";
import type { LimitedReader } from "../disk-reader.ts";
import { type GptEntry, type GptHeader, readGptEntries, readGptHeader } from "./gpt.ts";

/** 1024 entries of 128 bytes, eight times the usual table: what the budget has room for. */
const MAX_TABLE_BYTES = 128 * 1024;
/** What is read of a longer one: enough for what is on the disk, not for its checksum. */
const LONG_TABLE_BYTES = 16 * 1024;
const MIN_ENTRY_BYTES = 128;
/** Larger ones are legal, but nobody writes them. */
const MAX_ENTRY_BYTES = 4096;

/** The partition table of a GPT disk, from whichever copy is intact. */
export interface GptReading {
  readonly entries: readonly GptEntry[];
  /** The sectors that are for partitions, by the header that is used. */
  readonly firstUsableSector: number;
  readonly lastUsableSector: number;
  /** Whether the checksums of the copy that was used are right. */
  readonly isVerified: boolean;
  /** Whether the primary copy is intact. */
  readonly isPrimary: boolean;
  readonly warnings: readonly string[];
}

/** The header of one copy, and what is wrong with it (null: nothing). */
interface HeaderReading {
  readonly header: GptHeader | null;
  /** Whether it points to entries that could be read. */
  readonly hasTable: boolean;
  /** Whether there are more entries than the budget has room for; nothing is wrong with that. */
  readonly isLong: boolean;
  readonly fault: string | null;
}

/** The entries of one copy, and what is wrong with it, its header included (null: nothing). */
interface EntriesReading {
  readonly entries: readonly GptEntry[] | null;
  readonly fault: string | null;
}

/**
 * Reads a GPT; null when neither end of the disk has one. Of the backup, the header is always looked
 * at, and the entries only where the primary is damaged: nothing else ever uses them.
 */
export async function readGpt(
  reader: LimitedReader,
  diskBytes: number,
): Promise<GptReading | null> {
  const lastSector = Math.floor(diskBytes / SECTOR_BYTES) - 1;
  const [first, last] = await Promise.all([
    readHeader(reader, 1, lastSector),
    readHeader(reader, lastSector, lastSector),
  ]);
  if (first.header === null && last.header === null) return null;
  const primary = await readEntries(reader, first);
  if (primary.fault === null) {
    const warnings = describeBackup(first.header, last, lastSector);
    const entries = primary.entries ?? [];
    return { entries, ...usableOf(first), isVerified: true, isPrimary: true, warnings };
  }
  if (first.isLong && first.fault === null) return describeLong(first, primary, true);
  const backup = await readEntries(reader, last);
  if (last.isLong && last.fault === null) return describeLong(last, backup, false);
  if (backup.fault === null) {
    const warning = `the primary GPT is damaged (${primary.fault}); its backup at the end of the disk is used, as firmware does (fix it with 'sgdisk -e', or with 'r', 'b', 'w' in 'gdisk')`;
    return {
      entries: backup.entries ?? [],
      ...usableOf(last),
      isVerified: true,
      isPrimary: false,
      warnings: [warning],
    };
  }
  const warning = `both copies of the GPT are damaged (${primary.fault}; backup: ${backup.fault}); what they say is not relied upon`;
  const entries = primary.entries ?? backup.entries ?? [];
  const usable = usableOf(primary.entries ? first : last);
  return { entries, ...usable, isVerified: false, isPrimary: false, warnings: [warning] };
}

/** A table that is legal, and of which only the beginning was read. */
function describeLong(
  copy: HeaderReading,
  { entries }: EntriesReading,
  isPrimary: boolean,
): GptReading {
  const warning = `the GPT has room for ${copy.header?.entryCount} entries, more than are read: its checksum was not verified, and what it says is not relied upon`;
  return {
    entries: entries ?? [],
    ...usableOf(copy),
    isVerified: false,
    isPrimary,
    warnings: [warning],
  };
}

function usableOf({ header }: HeaderReading) {
  const { firstUsableSector = 0, lastUsableSector = 0 } = header ?? {};
  return { firstUsableSector, lastUsableSector };
}

/** The sector in which the disk ends by its primary GPT header; null without a header to trust. */
export async function readLastSector(reader: LimitedReader): Promise<number | null> {
  const sector = await reader.read(SECTOR_BYTES, SECTOR_BYTES);
  const header = sector && readGptHeader(sector);
  return header?.checksumMatches && Number.isFinite(header.otherSector) ? header.otherSector : null;
}

async function readHeader(
  reader: LimitedReader,
  ownSector: number,
  lastSector: number,
): Promise<HeaderReading> {
  const sector = await reader.read(ownSector * SECTOR_BYTES, SECTOR_BYTES);
  const header = sector && readGptHeader(sector);
  if (header === null) {
    return { header: null, hasTable: false, isLong: false, fault: "no header" };
  }
  const isLong = header.entryCount * header.entryBytes > MAX_TABLE_BYTES;
  const misplaced = findTableFault(header, lastSector);
  if (misplaced !== null) return { header, hasTable: false, isLong: false, fault: misplaced };
  const fault = header.checksumMatches
    ? header.ownSector === ownSector
      ? null
      : "a header from another sector"
    : "checksum of the header";
  return { header, hasTable: true, isLong, fault };
}

/** Why no table can be read where the header says that it is; null when one can. */
function findTableFault(header: GptHeader, lastSector: number): string | null {
  const { entryCount, entryBytes, entriesSector } = header;
  if (entryBytes < MIN_ENTRY_BYTES || entryBytes > MAX_ENTRY_BYTES || entryCount === 0) {
    return `a table of ${entryCount} entries of ${entryBytes} bytes`;
  }
  const lastOfTable = entriesSector + Math.ceil((entryCount * entryBytes) / SECTOR_BYTES) - 1;
  return lastOfTable > lastSector ? "its entries are beyond the end of the disk" : null;
}

/** Reads the entries even where the header is wrong: they are reported, but not relied upon. */
async function readEntries(
  reader: LimitedReader,
  { header, hasTable, isLong, fault }: HeaderReading,
): Promise<EntriesReading> {
  if (header === null || !hasTable) return { entries: null, fault };
  const tableBytes = isLong ? LONG_TABLE_BYTES : header.entryCount * header.entryBytes;
  const table = await reader.read(header.entriesSector * SECTOR_BYTES, tableBytes);
  if (table?.length !== tableBytes) return { entries: null, fault: "its entries cannot be read" };
  const isIntact = !isLong && crc32(table) === header.entriesChecksum;
  return {
    entries: readGptEntries(table, header.entryBytes),
    fault: fault ?? (isIntact ? null : "checksum of the entries"),
  };
}

function describeBackup(
  primary: GptHeader | null,
  backup: HeaderReading,
  lastSector: number,
): readonly string[] {
  if (primary && primary.otherSector < lastSector) {
    return [
      "the disk is larger than its GPT tells: it was enlarged after partitioning ('sgdisk -e' moves the backup GPT to the end)",
    ];
  }
  if (backup.fault === null) return [];
  return [
    `the backup GPT at the end of the disk is damaged (${backup.fault}); fix it with 'sgdisk -e'`,
  ];
}
