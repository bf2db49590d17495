import { hasBytesAt, SECTOR_BYTES } from "../bytes.ts";
import { FOOTER_BYTES } from "../format/footer.ts";
import type { BlockSource, Piece } from "./block-source.ts";
import { checkVirtualBytes, isPowerOfTwo, readPart, readU64, requireInside } from "./fields.ts";
import { refuse, refuseDamaged } from "./refusal.ts";
import type { TableReader } from "./table-reader.ts";
import { type TableSlice, walkTable } from "./walk-table.ts";

const FORMAT = "vhd-dynamic";
const HEADER_BYTES = 1024;
const HEADER_CHECKSUM_OFFSET = 36;
const HEADER_VERSION = 0x0001_0000;
const UNUSED = 0xffff_ffff;
const MAX_BLOCK_BYTES = 256 * 1024 * 1024;

/**
 * A dynamic VHD (Virtual Hard Disk Image Format Specification 1.0), by the copy of its footer that is
 * right. The bitmaps of the blocks are not read: every sector of a block that exists counts as written,
 * as for QEMU.
 * @throws RefusedDiskError
 */
export async function openDynamicVhd(
  tables: TableReader,
  footer: DataView,
  footerOffset: number,
): Promise<BlockSource> {
  if (footer.getUint32(60) === 4) refuseDifferencing(footerOffset + 60);
  const virtualBytes = checkVirtualBytes(FORMAT, readU64(footer, 48, false), footerOffset + 48);
  const headerOffset = readU64(footer, 16, false);
  const what = "the header of its block allocation table";
  const header = await readPart(tables, FORMAT, {
    offset: headerOffset,
    count: HEADER_BYTES,
    what,
  });
  checkHeader(header, headerOffset);
  const blockBytes = header.getUint32(32);
  if (!isPowerOfTwo(blockBytes, SECTOR_BYTES, MAX_BLOCK_BYTES)) {
    refuseDamaged(FORMAT, `has blocks of ${blockBytes} bytes`, headerOffset + 32);
  }
  const count = Math.ceil(virtualBytes / blockBytes);
  const entries = header.getUint32(28);
  if (entries < count) {
    refuseDamaged(
      FORMAT,
      `has a block allocation table of ${entries} entries, but its disk of ${virtualBytes} bytes has ${count} blocks`,
      headerOffset + 28,
    );
  }
  const offset = readU64(header, 16, false);
  const table = { offset, count: 4 * count, what: "the block allocation table" };
  requireInside(tables, FORMAT, table);
  const sectors = blockBytes / SECTOR_BYTES;
  const bitmapBytes = Math.ceil(sectors / 8 / SECTOR_BYTES) * SECTOR_BYTES;
  return {
    format: FORMAT,
    virtualBytes,
    reserved: [
      { start: 0, end: FOOTER_BYTES, what: "the copy of the footer" },
      { start: headerOffset, end: headerOffset + HEADER_BYTES, what },
      { start: offset, end: offset + table.count, what: table.what },
      { start: tables.length - FOOTER_BYTES, end: tables.length, what: "the footer" },
    ],
    async *batches(from) {
      const first = Math.floor(from / blockBytes);
      for await (const slice of walkTable(tables, { offset, entryBytes: 4, count }, first)) {
        yield readSlice(slice, blockBytes, bitmapBytes);
      }
    },
  };
}

function* readSlice(slice: TableSlice, blockBytes: number, bitmapBytes: number): Generator<Piece> {
  for (let index = 0; index < slice.count; index++) {
    const entry = slice.view.getUint32(4 * index);
    const place = { guestOffset: (slice.first + index) * blockBytes, length: blockBytes };
    if (entry === UNUSED) yield { kind: "zero", ...place };
    else {
      const fileOffset = entry * SECTOR_BYTES;
      yield { kind: "table", fileOffset, length: bitmapBytes };
      yield { kind: "copy", ...place, fileOffset: fileOffset + bitmapBytes };
    }
  }
}

function checkHeader(header: DataView, offset: number): void {
  const bytes = new Uint8Array(header.buffer, header.byteOffset, header.byteLength);
  if (!hasBytesAt(bytes, 0, "cxsparse")) {
    refuseDamaged(FORMAT, "has no 'cxsparse' header where its footer says it is", offset);
  }
  let sum = 0;
  for (let at = 0; at < bytes.length; at++) {
    const isChecksum = at >= HEADER_CHECKSUM_OFFSET && at < HEADER_CHECKSUM_OFFSET + 4;
    if (!isChecksum) sum += bytes[at] ?? 0;
  }
  if (~sum >>> 0 !== header.getUint32(HEADER_CHECKSUM_OFFSET)) {
    refuseDamaged(
      FORMAT,
      "has a dynamic header whose checksum does not match its content",
      offset + HEADER_CHECKSUM_OFFSET,
    );
  }
  const version = header.getUint32(24);
  if (version !== HEADER_VERSION) {
    refuseDamaged(FORMAT, `has a dynamic header of version ${version}`, offset + 24);
  }
}

/** Ends the reading of a VHD that has only the differences from another one. */
function refuseDifferencing(offset: number): never {
  refuse(
    "has-parent",
    "is a differencing VHD: it has only the changes to another VHD, its parent",
    offset,
    "Merge it with its parents, on Windows: 'Convert-VHD SOURCE.vhd TARGET.vhd -VHDType Fixed' writes the whole chain to one disk. Upload the result.",
  );
}
