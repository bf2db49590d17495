import type { DiskIdentity } from "./disk.ts";
import { buildFooter, computeChecksum, FOOTER_BYTES } from "./footer.ts";
import {
  createSparseImage,
  type Extent,
  listUsedBlocks,
  readImage,
  type SparseImage,
} from "./sparse-image.ts";
import { MIB, SECTOR_BYTES } from "./units.ts";

const BLOCK_BYTES = 2 * MIB;
/** One bit for each sector of a block: 512 bytes for 2 MiB. */
const BITMAP_BYTES = BLOCK_BYTES / SECTOR_BYTES / 8;
const HEADER_BYTES = 1024;
const TABLE_OFFSET = FOOTER_BYTES + HEADER_BYTES;
const HEADER_CHECKSUM_OFFSET = 36;

/**
 * Returns the disk as a dynamic VHD: copy of the footer, dynamic header, block allocation table, the
 * blocks that hold something, footer. Azure refuses this kind; that is what the sample is for.
 */
export function buildDynamicVhd(disk: SparseImage, identity: DiskIdentity): SparseImage {
  const footer = buildFooter({ ...identity, type: "dynamic" });
  const blockCount = Math.ceil(disk.sizeBytes / BLOCK_BYTES);
  const tableBytes = Math.ceil((blockCount * 4) / SECTOR_BYTES) * SECTOR_BYTES;
  const table = Buffer.alloc(tableBytes, 0xff); // all ones: the block does not exist
  const blocks: Extent[] = [];
  let offset = TABLE_OFFSET + tableBytes;
  for (const block of listUsedBlocks(disk, BLOCK_BYTES)) {
    table.writeUInt32BE(offset / SECTOR_BYTES, block * 4);
    blocks.push({ offset, bytes: encodeBlock(disk, block) });
    offset += BITMAP_BYTES + BLOCK_BYTES;
  }
  return createSparseImage(offset + FOOTER_BYTES, [
    { offset: 0, bytes: footer },
    { offset: FOOTER_BYTES, bytes: encodeHeader(blockCount) },
    { offset: TABLE_OFFSET, bytes: table },
    ...blocks,
    { offset, bytes: footer },
  ]);
}

/** Returns bitmap and data of one block; all of its sectors count as present. */
function encodeBlock(disk: SparseImage, block: number): Buffer {
  const bitmap = Buffer.alloc(BITMAP_BYTES, 0xff);
  return Buffer.concat([bitmap, readImage(disk, block * BLOCK_BYTES, BLOCK_BYTES)]);
}

function encodeHeader(blockCount: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write("cxsparse", 0, "latin1");
  header.writeBigUInt64BE(0xffff_ffff_ffff_ffffn, 8); // no further header
  header.writeBigUInt64BE(BigInt(TABLE_OFFSET), 16);
  header.writeUInt32BE(0x0001_0000, 24); // header version 1.0
  header.writeUInt32BE(blockCount, 28);
  header.writeUInt32BE(BLOCK_BYTES, 32);
  header.writeUInt32BE(computeChecksum(header, HEADER_CHECKSUM_OFFSET), HEADER_CHECKSUM_OFFSET);
  return header;
}
