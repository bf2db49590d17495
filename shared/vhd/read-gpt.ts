import { crc32 } from "./crc32.ts";
import type { LimitedReader } from "./disk-reader.ts";
import { type GptEntry, type GptHeader, readGptEntries, readGptHeader } from "./gpt.ts";
import { SECTOR_BYTES } from "./mbr.ts";

/** Twice the usual table of 128 entries of 128 bytes; no tool makes a larger one by itself. */
const MAX_TABLE_BYTES = 32 * 1024;
const MIN_ENTRY_BYTES = 128;

/** The partition table of a GPT disk, from whichever copy is intact. */
export interface GptReading {
  readonly entries: readonly GptEntry[];
  /** Whether the checksums of the copy that was used are right. */
  readonly isVerified: boolean;
  readonly warnings: readonly string[];
}

/** One copy of the table: what was read of it, and what is wrong with it (null: nothing). */
interface GptCopy {
  readonly header: GptHeader | null;
  readonly entries: readonly GptEntry[] | null;
  readonly fault: string | null;
}

/** Reads both copies of a GPT; null when neither end of the disk has one. */
export async function readGpt(
  reader: LimitedReader,
  diskBytes: number,
): Promise<GptReading | null> {
  const lastSector = Math.floor(diskBytes / SECTOR_BYTES) - 1;
  const primary = await readCopy(reader, 1, lastSector);
  const backup = await readCopy(reader, lastSector, lastSector);
  if (primary.header === null && backup.header === null) return null;
  if (primary.fault === null) {
    const warnings = describeBackup(primary.header, backup, lastSector);
    return { entries: primary.entries ?? [], isVerified: true, warnings };
  }
  if (backup.fault === null) {
    const warning = `the primary GPT is damaged (${primary.fault}); its backup at the end of the disk is used, as firmware does ('sgdisk -e' or 'gdisk' with 'r', 'b', 'w' mends it)`;
    return { entries: backup.entries ?? [], isVerified: true, warnings: [warning] };
  }
  const warning = `both copies of the GPT are damaged (${primary.fault}; backup: ${backup.fault}); what they say is not relied upon`;
  const entries = primary.entries ?? backup.entries ?? [];
  return { entries, isVerified: false, warnings: [warning] };
}

/** The sector in which the disk ends by its primary GPT header; null without a header to trust. */
export async function readLastSector(reader: LimitedReader): Promise<number | null> {
  const sector = await reader.read(SECTOR_BYTES, SECTOR_BYTES);
  const header = sector && readGptHeader(sector);
  return header?.checksumMatches && Number.isFinite(header.otherSector) ? header.otherSector : null;
}

async function readCopy(
  reader: LimitedReader,
  ownSector: number,
  lastSector: number,
): Promise<GptCopy> {
  const sector = await reader.read(ownSector * SECTOR_BYTES, SECTOR_BYTES);
  const header = sector && readGptHeader(sector);
  if (header === null) return { header: null, entries: null, fault: "no header" };
  const fail = (fault: string, entries: readonly GptEntry[] | null = null): GptCopy => ({
    header,
    entries,
    fault,
  });
  const tableBytes = header.entryCount * header.entryBytes;
  if (header.entryBytes < MIN_ENTRY_BYTES || tableBytes === 0 || tableBytes > MAX_TABLE_BYTES) {
    return fail(`a table of ${header.entryCount} entries of ${header.entryBytes} bytes`);
  }
  if (header.entriesSector > lastSector) return fail("its entries are beyond the end of the disk");
  const table = await reader.read(header.entriesSector * SECTOR_BYTES, tableBytes);
  if (table?.length !== tableBytes) return fail("its entries cannot be read");
  const entries = readGptEntries(table, header.entryBytes);
  if (!header.checksumMatches) return fail("checksum of the header", entries);
  if (header.ownSector !== ownSector) return fail("a header from another sector", entries);
  if (crc32(table) !== header.entriesChecksum) return fail("checksum of the entries", entries);
  return { header, entries, fault: null };
}

function describeBackup(
  primary: GptHeader | null,
  backup: GptCopy,
  lastSector: number,
): readonly string[] {
  if (primary && primary.otherSector < lastSector) {
    return [
      "the disk is larger than its GPT tells: it was enlarged after partitioning ('sgdisk -e' moves the backup GPT to the end)",
    ];
  }
  if (backup.fault === null) return [];
  return [
    `the backup GPT at the end of the disk is damaged (${backup.fault}); 'sgdisk -e' mends it`,
  ];
}
