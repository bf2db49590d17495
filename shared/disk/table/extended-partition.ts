import { SECTOR_BYTES } from "../bytes.ts";
import type { LimitedReader } from "../disk-reader.ts";
import { type MbrEntry, readTable } from "./mbr.ts";

/** Links of the chain that are followed: each takes a read of its own, one after the other. */
const MAX_LINKS = 3;

export interface LogicalPartitions {
  /** Sectors counted from the disk's start. */
  readonly entries: readonly MbrEntry[];
  /** Whether the chain continues where the reader stopped. */
  readonly isCut: boolean;
}

/**
 * The logical partitions in the extended ones: chains of boot records, each with its partitions (counted
 * from that record) and a link to the next (counted from the extended partition's start). Nothing keeps
 * a table from having two extended partitions, or a record from having three logical ones, and systems
 * take them all. A chain may be long, or lead back to itself; a few links only are followed.
 */
export async function readLogicalPartitions(
  reader: LimitedReader,
  extended: readonly MbrEntry[],
): Promise<LogicalPartitions> {
  const entries: MbrEntry[] = [];
  const seen = new Set<number>();
  const waiting = extended.map(({ firstSector }) => ({ record: firstSector, base: firstSector }));
  for (const { record, base } of waiting) {
    if (seen.has(record) || seen.size === MAX_LINKS) return { entries, isCut: true };
    seen.add(record);
    const sector = await reader.read(record * SECTOR_BYTES, SECTOR_BYTES);
    const table = sector && readTable(sector);
    if (table === null) return { entries, isCut: true };
    for (const entry of table) {
      // Appended while it is gone through: MAX_LINKS ends it.
      if (entry.isExtended) waiting.push({ record: base + entry.firstSector, base });
      else entries.push({ ...entry, firstSector: record + entry.firstSector });
    }
  }
  return { entries, isCut: false };
}
