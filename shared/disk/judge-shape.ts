import { SECTOR_BYTES } from "./bytes.ts";
import type { LimitedReader } from "./disk-reader.ts";
import type { DiskFinding, DiskFormat } from "./finding.ts";
import { describeCut, describeRaw, describeUnknown } from "./format/format-problems.ts";
import type { FormatReading } from "./format/read-format.ts";
import type { DiskLayout } from "./table/layout.ts";
import { readLastSector } from "./table/read-gpt.ts";

/** What a file is called, and what is wrong with it as a VHD. */
export type Shape = Pick<DiskFinding, "format" | "problem" | "mayBeUnfinished">;

/** The format of a file without a footer is recognized by the content of the disk. */
export async function judgeShape(
  reader: LimitedReader,
  reading: FormatReading,
  layout: DiskLayout,
): Promise<Shape> {
  const { format, problem, isEndBlank } = reading;
  if (format !== null) return { format, problem, mayBeUnfinished: false };
  const expected = await measureDisk(reader, layout);
  if (expected > reader.length) {
    const cut = describeCut(reader.length, expected);
    return { format: "VHD cut short", problem: cut, mayBeUnfinished: false };
  }
  const isDisk = layout.table !== "none" || layout.wholeDisk !== null;
  const isEmpty = reading.isHeadBlank && isEndBlank;
  const name: DiskFormat = isDisk ? "raw disk" : isEmpty ? "empty" : "unknown";
  const missing = isDisk ? describeRaw(reader.length) : describeUnknown(isEmpty, reader.length);
  return { format: name, problem: missing, mayBeUnfinished: isEndBlank };
}

/** Bytes that the disk has at least, by its own table; 0 when that does not say. */
async function measureDisk(reader: LimitedReader, layout: DiskLayout): Promise<number> {
  if (layout.table === "gpt") {
    return (((await readLastSector(reader)) ?? -1) + 1) * SECTOR_BYTES;
  }
  return Math.max(0, ...layout.partitions.map(({ start, size }) => start + size));
}
