import { SECTOR_BYTES } from "../bytes.ts";
import type { LimitedReader } from "../disk-reader.ts";
import { type MbrEntry, readTable } from "./mbr.ts";

/** Links of the chain that are followed: each takes a read of its own, one after the other. */
const MAX_LINKS = 3;

export interface LogicalPartitions {
  /** Sectors counted from the disk's start. */
  readonly entries: readonly MbrEntry[];
  /** Whether the chain goes on where it was no longer followed. */
  readonly isCut: boolean;
}

/**
 * The logical partitions in an extended one: a chain of boot records, each with one partition (counted
 * from that record) and a link to the next (counted from the extended partition's start). A chain may
 * be long, or lead back to itself; it is followed for a few links only.
 */
export async function readLogicalPartitions(
  reader: LimitedReader,
  extended: MbrEntry,
): Promise<LogicalPartitions> {
  const entries: MbrEntry[] = [];
  const seen = new Set<number>();
  let record: number | null = extended.firstSector;
  while (record !== null && !seen.has(record)) {
    if (seen.size === MAX_LINKS) return { entries, isCut: true };
    seen.add(record);
    const sector = await reader.read(record * SECTOR_BYTES, SECTOR_BYTES);
    const table: readonly MbrEntry[] | null = sector && readTable(sector);
    if (table === null) return { entries, isCut: true };
    const start: number = record;
    const logical = table.find((entry) => !entry.isExtended);
    if (logical) entries.push({ ...logical, firstSector: start + logical.firstSector });
    const link = table.find((entry) => entry.isExtended);
    record = link ? extended.firstSector + link.firstSector : null;
  }
  return { entries, isCut: record !== null };
}
