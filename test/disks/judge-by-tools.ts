import { truncate } from "node:fs/promises";
import type { DiskReader } from "../../shared/disk/disk-reader.ts";
import { limitReader } from "../../shared/disk/disk-reader.ts";
import { probePartitions } from "../../shared/disk/table/probe-partitions.ts";
import { readPartitionTable } from "../../shared/disk/table/read-table.ts";
import { askBlkid, type BlkidAnswer, countGptProblems } from "./ask-tools.ts";
import { BLKID_NAMES } from "./blkid-names.ts";

const FOOTER_BYTES = 512;
const SECTOR_BYTES = 512;
const TABLES = { gpt: "gpt", mbr: "dos", none: null } as const;

/** What is found and what the tools say, by the first sector of what they were asked about. */
export interface ToolVerdict {
  readonly found: Readonly<Record<number, BlkidAnswer>>;
  readonly blkid: Readonly<Record<number, BlkidAnswer>>;
  /** Warnings about the table, and the problems that sgdisk counts; null without a GPT. */
  readonly gpt: { readonly warnings: readonly string[]; readonly problems: number } | null;
}

/**
 * Holds what is found on a fixed VHD against blkid and sgdisk. The file's footer is cut off: to them, a
 * disk ends where its file does.
 */
export async function judgeByTools(
  path: string,
  { length, read }: DiskReader,
): Promise<ToolVerdict> {
  const diskBytes = length - FOOTER_BYTES;
  const reader = limitReader({ length: diskBytes, read });
  const layout = await readPartitionTable(reader, diskBytes);
  const partitions = await probePartitions(reader, layout.partitions);
  await truncate(path, diskBytes);
  const whole = nameFound(layout.wholeDisk, TABLES[layout.table]);
  const found: Record<number, BlkidAnswer> = { 0: whole };
  const blkid: Record<number, BlkidAnswer> = {
    0: ignoreTable(await askBlkid(path, { offset: 0, size: diskBytes })),
  };
  for (const { start, size, fileSystem } of partitions) {
    found[start / SECTOR_BYTES] = nameFound(fileSystem, null);
    const inside = await askBlkid(path, { offset: start, size });
    blkid[start / SECTOR_BYTES] = { ...inside, table: null };
  }
  const hasGpt = layout.table === "gpt";
  const problems = hasGpt ? await countGptProblems(path) : 0;
  return { found, blkid, gpt: hasGpt ? { warnings: layout.warnings, problems } : null };
}

function nameFound(
  volume: { readonly name: string; readonly label: string | null } | null,
  table: string | null,
): BlkidAnswer {
  const type = volume && (BLKID_NAMES[volume.name] ?? volume.name);
  return { type, label: volume?.label ?? null, table };
}

/** A file system on the whole disk: blkid takes the sector it begins with for an MBR as well. */
function ignoreTable(answer: BlkidAnswer): BlkidAnswer {
  return answer.type === null ? answer : { ...answer, table: null };
}
