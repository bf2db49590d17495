import { hasBytesAt, SECTOR_BYTES } from "../bytes.ts";
import { checkVirtualBytes, isPowerOfTwo, readPart, readU64, requireInside } from "./fields.ts";
import { refuse, refuseCut, refuseDamaged } from "./refusal.ts";
import type { SourceFormat } from "./source-format.ts";
import type { TableReader } from "./table-reader.ts";
import { checkVmdkDescriptor, refusePartOfVmdk } from "./vmdk-descriptor.ts";

const HAS_LINE_END_TEST = 1;
const HAS_ZERO_GRAINS = 4;
const IS_COMPRESSED = 0x1_0000;
/** Both halves of the grain directory's place where only the end of the file knows it. */
const AT_END = 0xffff_ffff;
const FOOTER_MARKER = 3;
/** A footer's marker, the header again, and the end-of-stream marker. */
const FOOTER_BYTES = 3 * SECTOR_BYTES;
const ENTRIES_PER_TABLE = 512;
const MAX_DESCRIPTOR_BYTES = 1024 * 1024;
/** Enough for 64 TiB in grains of 64 KiB, four times over. */
const MAX_DIRECTORY_BYTES = 32 * 1024 * 1024;
const MAX_GRAIN_BYTES = 2 * 1024 * 1024;

/** What the header of a sparse VMDK says. */
export interface VmdkHeader {
  readonly format: Extract<SourceFormat, "vmdk" | "vmdk-stream">;
  readonly virtualBytes: number;
  readonly grainBytes: number;
  readonly hasZeroGrains: boolean;
  readonly directoryOffset: number;
  /** Entries of the grain directory that the disk needs. */
  readonly directoryCount: number;
  readonly descriptor: { readonly offset: number; readonly count: number };
}

/**
 * Reads the header of a hosted sparse extent (VMware Virtual Disk Format 5.0), the one at the end of a
 * stream where the first says so, and checks its descriptor.
 * @throws RefusedDiskError
 */
export async function readVmdkHeader(tables: TableReader): Promise<VmdkHeader> {
  const first = await readSector(tables, 0);
  const format = (first.getUint32(8, true) & IS_COMPRESSED) === 0 ? "vmdk" : "vmdk-stream";
  checkFirst(first, format);
  const descriptor = await readDescriptor(tables, first, format);
  // As two halves: as one number, the places just below it would round to it.
  const isAtEnd = first.getUint32(56, true) === AT_END && first.getUint32(60, true) === AT_END;
  const { header, offset } = isAtEnd
    ? await readFooter(tables, format)
    : { header: first, offset: 0 };
  const flags = header.getUint32(8, true);
  const virtualBytes = checkVirtualBytes(
    format,
    readU64(header, 12, true) * SECTOR_BYTES,
    offset + 12,
  );
  const grainBytes = readU64(header, 20, true) * SECTOR_BYTES;
  if (!isPowerOfTwo(grainBytes, SECTOR_BYTES, MAX_GRAIN_BYTES)) {
    refuseDamaged(format, `has grains of ${grainBytes} bytes`, offset + 20);
  }
  const perTable = header.getUint32(44, true);
  if (perTable !== ENTRIES_PER_TABLE) {
    refuseDamaged(format, `has grain tables of ${perTable} entries`, offset + 44);
  }
  const directoryCount = Math.ceil(virtualBytes / (grainBytes * ENTRIES_PER_TABLE));
  const directoryOffset = readU64(header, 56, true) * SECTOR_BYTES;
  const directory = { offset: directoryOffset, count: 4 * directoryCount };
  if (directory.count > MAX_DIRECTORY_BYTES || directoryOffset === 0) {
    refuseDamaged(format, `has a grain directory of ${directory.count} bytes`, offset + 56);
  }
  requireInside(tables, format, { ...directory, what: "the grain directory" });
  return {
    format,
    virtualBytes,
    grainBytes,
    hasZeroGrains: (flags & HAS_ZERO_GRAINS) !== 0,
    directoryOffset,
    directoryCount,
    descriptor,
  };
}

function readSector(tables: TableReader, offset: number): Promise<DataView> {
  return readPart(tables, "vmdk", { offset, count: SECTOR_BYTES, what: "the header" });
}

function checkFirst(header: DataView, format: VmdkHeader["format"]): void {
  const version = header.getUint32(4, true);
  if (version < 1 || version > 3) {
    refuse(
      "unsupported",
      `is a VMDK of version ${version}; versions 1 to 3 are supported`,
      4,
      "Rewrite it: 'vmware-vdiskmanager -r SOURCE -t 0 TARGET.vmdk'. Upload the result.",
    );
  }
  const bytes = new Uint8Array(header.buffer, header.byteOffset, header.byteLength);
  const hasTest = (header.getUint32(8, true) & HAS_LINE_END_TEST) !== 0;
  if (hasTest && !hasBytesAt(bytes, 73, "\n \r\n")) {
    refuseDamaged(format, "was transferred as text: its line endings were changed in transit", 73);
  }
  if (header.getUint8(72) !== 0) {
    refuse(
      "dirty",
      "is marked as in use: the virtual machine was not shut down before the file was taken",
      72,
      "Shut the virtual machine down and take the file again, or repair it: 'vmware-vdiskmanager -R SOURCE'.",
    );
  }
  const algorithm = header.getUint16(77, true);
  if (format === "vmdk-stream" && algorithm !== 1) {
    refuseDamaged(format, `has grains that are compressed in an unknown way (${algorithm})`, 77);
  }
}

async function readDescriptor(
  tables: TableReader,
  header: DataView,
  format: VmdkHeader["format"],
): Promise<VmdkHeader["descriptor"]> {
  const offset = readU64(header, 28, true) * SECTOR_BYTES;
  const count = readU64(header, 36, true) * SECTOR_BYTES;
  if (offset === 0 || count === 0) refusePartOfVmdk(28);
  if (count > MAX_DESCRIPTOR_BYTES) {
    refuseDamaged(format, `has a descriptor of ${count} bytes`, 36);
  }
  const view = await readPart(tables, format, { offset, count, what: "the descriptor" });
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  checkVmdkDescriptor(bytes, offset);
  return { offset, count };
}

/** The header at the end of a stream: there its tables were known. */
async function readFooter(
  tables: TableReader,
  format: VmdkHeader["format"],
): Promise<{ header: DataView; offset: number }> {
  const marker = tables.length - FOOTER_BYTES;
  const offset = marker + SECTOR_BYTES;
  const isThere =
    marker > 0 && (await readSector(tables, marker)).getUint32(12, true) === FOOTER_MARKER;
  const header = isThere ? await readSector(tables, offset) : null;
  const bytes = header && new Uint8Array(header.buffer, header.byteOffset, header.byteLength);
  if (header === null || bytes === null || !hasBytesAt(bytes, 0, "KDMV")) {
    return refuseCut(format, "is a stream that ends without its footer", Math.max(0, marker));
  }
  return { header, offset };
}
