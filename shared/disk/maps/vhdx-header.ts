import { hasBytesAt, MIB } from "../bytes.ts";
import { crc32c } from "../crc32c.ts";
import { readPart, readU64, requireInside } from "./fields.ts";
import { refuse, refuseDamaged } from "./refusal.ts";
import type { TableReader } from "./table-reader.ts";

const FORMAT = "vhdx";
const KIB = 1024;
const HEADER_OFFSETS = [64 * KIB, 128 * KIB] as const;
const HEADER_BYTES = 4096;
const REGION_TABLE_OFFSETS = [192 * KIB, 256 * KIB] as const;
const REGION_TABLE_BYTES = 64 * KIB;
const MAX_ENTRIES = 2047;
const BAT = "2dc27766-f623-4200-9d64-115e9bfd4a08";
const METADATA = "8b7ca206-4790-4b9a-b8fe-575f050f886e";
const MEND_LOG =
  "Mount and dismount it in Hyper-V ('Mount-VHD SOURCE.vhdx', then 'Dismount-VHD SOURCE.vhdx'), or run 'qemu-img check -r all -f vhdx SOURCE': either applies them. Shut the virtual machine down first, and upload the file again.";

/** A part of a VHDX that its region table names. */
export interface Region {
  readonly offset: number;
  readonly length: number;
}

/** What the first MiB of a VHDX says (MS-VHDX 2.2). */
export interface VhdxLayout {
  readonly bat: Region;
  readonly metadata: Region;
  readonly log: Region;
}

/**
 * Reads the header and the region table.
 * @throws RefusedDiskError when neither copy is right, or changes wait in the log.
 */
export async function readVhdxLayout(tables: TableReader): Promise<VhdxLayout> {
  const { header, offset } = await readHeader(tables);
  const version = header.getUint16(66, true);
  if (version !== 1) refuseDamaged(FORMAT, `is a VHDX of version ${version}`, offset + 66);
  if ([48, 52, 56, 60].some((at) => header.getUint32(at, true) !== 0)) {
    refuse("dirty", "has changes in its log that were not applied", offset + 48, MEND_LOG);
  }
  const log = { offset: readU64(header, 72, true), length: header.getUint32(68, true) };
  return { ...(await readRegions(tables)), log };
}

/** The one of the two headers that is right and newer. */
async function readHeader(tables: TableReader): Promise<{ header: DataView; offset: number }> {
  const found: { header: DataView; offset: number; sequence: bigint }[] = [];
  for (const offset of HEADER_OFFSETS) {
    const header = await readPart(tables, FORMAT, {
      offset,
      count: HEADER_BYTES,
      what: "a header",
    });
    if (!hasMark(header, "head")) continue;
    found.push({ header, offset, sequence: header.getBigUint64(8, true) });
  }
  const [first, second] = found;
  if (first === undefined) {
    refuseDamaged(FORMAT, "has no header whose checksum matches", HEADER_OFFSETS[0]);
  }
  return second !== undefined && second.sequence > first.sequence ? second : first;
}

async function readRegions(tables: TableReader): Promise<Omit<VhdxLayout, "log">> {
  for (const offset of REGION_TABLE_OFFSETS) {
    const what = "a region table";
    const table = await readPart(tables, FORMAT, { offset, count: REGION_TABLE_BYTES, what });
    if (!hasMark(table, "regi")) continue;
    const count = table.getUint32(8, true);
    if (count > MAX_ENTRIES) refuseDamaged(FORMAT, `has ${count} regions`, offset + 8);
    return findRegions(tables, table, offset, count);
  }
  return refuseDamaged(
    FORMAT,
    "has no region table whose checksum matches",
    REGION_TABLE_OFFSETS[0],
  );
}

function findRegions(
  tables: TableReader,
  table: DataView,
  offset: number,
  count: number,
): Omit<VhdxLayout, "log"> {
  const regions = new Map<string, Region>();
  for (let index = 0; index < count; index++) {
    const at = 16 + 32 * index;
    const guid = readGuid(table, at);
    if (guid !== BAT && guid !== METADATA) {
      if ((table.getUint32(at + 28, true) & 1) === 0) continue;
      refuseUnknown(`a region ${guid} that is required to read it`, offset + at);
    }
    const region = {
      offset: readU64(table, at + 16, true),
      length: table.getUint32(at + 24, true),
    };
    const isWhole = region.offset % MIB === 0 && region.length % MIB === 0;
    if (!isWhole || region.offset < MIB || region.length === 0 || regions.has(guid)) {
      refuseDamaged(
        FORMAT,
        `has a region of ${region.length} bytes at byte ${region.offset}, which is not in whole MiB after the first or appears twice in the table`,
        offset + at,
      );
    }
    const what = guid === BAT ? "the block allocation table" : "the metadata region";
    requireInside(tables, FORMAT, { offset: region.offset, count: region.length, what });
    regions.set(guid, region);
  }
  const bat = regions.get(BAT);
  const metadata = regions.get(METADATA);
  if (bat === undefined || metadata === undefined) {
    return refuseDamaged(FORMAT, "has no block allocation table or no metadata region", offset);
  }
  const isApart =
    bat.offset + bat.length <= metadata.offset || metadata.offset + metadata.length <= bat.offset;
  if (!isApart) refuseDamaged(FORMAT, "has regions that overlap", offset);
  return { bat, metadata };
}

/** Ends the reading of a file that relies on something newer than this reader. */
export function refuseUnknown(what: string, offset: number): never {
  refuse(
    "unsupported",
    `has ${what}`,
    offset,
    "Rewrite it on Windows: 'Convert-VHD SOURCE.vhdx TARGET.vhdx -VHDType Dynamic'. Upload the result.",
  );
}

/** A GUID as it is written, lower case; on disk its first three parts are little-endian. */
export function readGuid(view: DataView, offset: number): string {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");
  const bytes = (from: number, to: number): string => {
    let text = "";
    for (let at = from; at < to; at++) text += hex(view.getUint8(offset + at), 2);
    return text;
  };
  const first = hex(view.getUint32(offset, true), 8);
  const second = hex(view.getUint16(offset + 4, true), 4);
  const third = hex(view.getUint16(offset + 6, true), 4);
  return `${first}-${second}-${third}-${bytes(8, 10)}-${bytes(10, 16)}`;
}

/** Whether a structure begins with its mark and its checksum, at byte 4, is right. */
function hasMark(view: DataView, mark: string): boolean {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return hasBytesAt(bytes, 0, mark) && view.getUint32(4, true) === crc32c(bytes, 4);
}
