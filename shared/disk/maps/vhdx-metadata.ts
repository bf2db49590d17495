import { hasBytesAt, MIB } from "../bytes.ts";
import { checkVirtualBytes, isPowerOfTwo, readPart, readU64 } from "./fields.ts";
import { refuse, refuseDamaged } from "./refusal.ts";
import type { TableReader } from "./table-reader.ts";
import { type Region, readGuid, refuseUnknown } from "./vhdx-header.ts";

const FORMAT = "vhdx";
const TABLE_BYTES = 64 * 1024;
const ENTRY_BYTES = 32;
const MAX_ENTRIES = 2047;
const IS_REQUIRED = 4;

const FILE_PARAMETERS = "caa16737-fa36-4d43-b3b6-33f0aa44e76b";
const VIRTUAL_SIZE = "2fa54224-cd1b-4876-b211-5dbed83bf4b8";
const SECTOR_SIZE = "8141bf1d-a96f-4709-ba47-f233a8faab5f";
const PARENT = "a8d35f2d-b30b-454d-abf7-d3d84834ab0c";
/** Bytes of the items that are read; null for those that need not be. */
const ITEMS: Readonly<Record<string, number | null>> = {
  [FILE_PARAMETERS]: 8,
  [VIRTUAL_SIZE]: 8,
  [SECTOR_SIZE]: 4,
  // Physical sector size, and the identifier of the disk.
  "cda348c7-445d-4471-9cc9-e9885251c556": null,
  "beca12ab-b2e6-4523-93ef-c309e000c746": null,
};

/** What the metadata of a VHDX says about its disk (MS-VHDX 2.6). */
export interface VhdxMetadata {
  readonly virtualBytes: number;
  readonly blockBytes: number;
}

/**
 * Reads the metadata region.
 * @throws RefusedDiskError for a disk with a parent, with sectors of 4,096 bytes, or with metadata that
 * are wrong.
 */
export async function readVhdxMetadata(tables: TableReader, region: Region): Promise<VhdxMetadata> {
  const items = await readItems(tables, region);
  const parameters = requireItem(items, FILE_PARAMETERS, region);
  if ((parameters.view.getUint32(4, true) & 2) !== 0) refuseParent(parameters.offset + 4);
  const blockBytes = parameters.view.getUint32(0, true);
  if (!isPowerOfTwo(blockBytes, MIB, 256 * MIB)) {
    refuseDamaged(FORMAT, `has blocks of ${blockBytes} bytes`, parameters.offset);
  }
  const sector = requireItem(items, SECTOR_SIZE, region);
  checkSector(sector.view.getUint32(0, true), sector.offset);
  const size = requireItem(items, VIRTUAL_SIZE, region);
  const virtualBytes = checkVirtualBytes(FORMAT, readU64(size.view, 0, true), size.offset);
  return { virtualBytes, blockBytes };
}

interface Item {
  readonly view: DataView;
  readonly offset: number;
}

async function readItems(tables: TableReader, region: Region): Promise<ReadonlyMap<string, Item>> {
  const head = { offset: region.offset, count: ENTRY_BYTES, what: "the metadata table" };
  const start = await readPart(tables, FORMAT, head);
  const bytes = new Uint8Array(start.buffer, start.byteOffset, start.byteLength);
  const count = start.getUint16(10, true);
  if (!hasBytesAt(bytes, 0, "metadata") || count > MAX_ENTRIES) {
    refuseDamaged(FORMAT, "has a metadata region without a metadata table", region.offset);
  }
  const items = new Map<string, Item>();
  const table = await readPart(tables, FORMAT, { ...head, count: ENTRY_BYTES * (count + 1) });
  for (let index = 1; index <= count; index++) {
    const at = ENTRY_BYTES * index;
    const guid = readGuid(table, at);
    if (guid === PARENT) refuseParent(region.offset + at);
    const size = ITEMS[guid];
    if (size === undefined && (table.getUint32(at + 24, true) & IS_REQUIRED) !== 0) {
      refuseUnknown(`metadata ${guid} that are required to read it`, region.offset + at);
    }
    if (size === undefined || size === null) continue;
    const from = table.getUint32(at + 16, true);
    const length = table.getUint32(at + 20, true);
    if (from < TABLE_BYTES || length < size || from + length > region.length || items.has(guid)) {
      refuseDamaged(FORMAT, `has metadata ${guid} in the wrong place`, region.offset + at);
    }
    const offset = region.offset + from;
    const view = await readPart(tables, FORMAT, { offset, count: size, what: "its metadata" });
    items.set(guid, { view, offset });
  }
  return items;
}

function requireItem(items: ReadonlyMap<string, Item>, guid: string, region: Region): Item {
  const item = items.get(guid);
  return item ?? refuseDamaged(FORMAT, `has no metadata ${guid}`, region.offset);
}

function checkSector(bytes: number, offset: number): void {
  if (bytes === 512) return;
  if (bytes !== 4096) refuseDamaged(FORMAT, `has sectors of ${bytes} bytes`, offset);
  refuse(
    "unsupported",
    "has sectors of 4096 bytes, and its partition table counts in them; disks of virtual machines in Azure have sectors of 512 bytes",
    offset,
    "Make a disk with sectors of 512 bytes ('New-VHD TARGET.vhdx -SizeBytes … -LogicalSectorSizeBytes 512'), and install the operating system on it or restore it from a backup of its files: copying sectors is not enough.",
  );
}

function refuseParent(offset: number): never {
  refuse(
    "has-parent",
    "is a differencing VHDX: it has only the changes to another one, its parent",
    offset,
    "Merge it with its parents, on Windows: 'Convert-VHD SOURCE.avhdx TARGET.vhdx -VHDType Dynamic' writes the whole chain to one disk. Upload the result.",
  );
}
