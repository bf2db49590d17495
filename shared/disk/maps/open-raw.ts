import { DiskReadError, type DiskReader } from "../disk-reader.ts";
import type { DiskFormat } from "../finding.ts";
import { inspectDisk } from "../inspect-disk.ts";
import type { BlockSource } from "./block-source.ts";
import { checkVirtualBytes } from "./fields.ts";
import { openFlat } from "./flat.ts";
import { type RefusalReason, refuse } from "./refusal.ts";

/** Known formats that are not disks by themselves. */
const REASONS: Partial<Record<DiskFormat, RefusalReason>> = {
  "VHD cut short": "cut-short",
  "VMDK descriptor": "many-files",
  VMDK: "many-files",
  qcow: "unsupported",
  gzip: "archive",
  xz: "archive",
  zstd: "archive",
  bzip2: "archive",
  zip: "archive",
  "7z": "archive",
  tar: "archive",
};

/**
 * A disk without any header: only on positive evidence, a partition table or a file system.
 * @throws RefusedDiskError for everything else, with what the inspection says about it.
 */
export async function openRaw(reader: DiskReader): Promise<BlockSource> {
  const finding = await inspectDisk(reader, { role: "data" });
  if (finding.format === "raw disk") {
    return openFlat("raw", checkVirtualBytes("raw", reader.length, 0));
  }
  const { problem } = finding;
  if (problem === null) throw new DiskReadError("the file changed while it was read");
  return refuse(REASONS[finding.format] ?? "no-disk", problem.message, 0, problem.fix);
}
