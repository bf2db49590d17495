import { crc32c } from "../../shared/disk/crc32c.ts";
import type { DiskIdentity } from "./disk.ts";
import { deriveGuid, encodeEfiGuid } from "./guid.ts";
import {
  createSparseImage,
  type Extent,
  listUsedBlocks,
  readImage,
  type SparseImage,
} from "./sparse-image.ts";
import { KIB, MIB, SECTOR_BYTES } from "./units.ts";

/** The smallest that the format allows, so that the file has little more than the disk's data. */
const BLOCK_BYTES = MIB;
/** After so many blocks the table has an entry for their sector bitmaps, which only children use. */
const CHUNK_RATIO = (2 ** 23 * SECTOR_BYTES) / BLOCK_BYTES;
const LOG_OFFSET = MIB;
const METADATA_OFFSET = 2 * MIB;
const TABLE_OFFSET = 3 * MIB;
const ITEMS_OFFSET = 64 * KIB;
const REGION = {
  table: "2dc27766-f623-4200-9d64-115e9bfd4a08",
  metadata: "8b7ca206-4790-4b9a-b8fe-575f050f886e",
};
const FULLY_PRESENT = 6n;
const IS_REQUIRED = 4;
const IS_OF_THE_DISK = 2;

/**
 * Returns the disk as a dynamic VHDX (MS-VHDX 2.2 to 2.6): two headers, two region tables, an empty log,
 * metadata, block allocation table, and the blocks that hold something.
 */
export function buildVhdx(disk: SparseImage, identity: DiskIdentity): SparseImage {
  const blockCount = Math.ceil(disk.sizeBytes / BLOCK_BYTES);
  const tableBytes = Math.ceil((entryOf(blockCount - 1) + 1) / (MIB / 8)) * MIB;
  const table = Buffer.alloc(tableBytes);
  const blocks: Extent[] = [];
  let offset = TABLE_OFFSET + tableBytes;
  for (const block of listUsedBlocks(disk, BLOCK_BYTES)) {
    table.writeBigUInt64LE(BigInt(offset) | FULLY_PRESENT, entryOf(block) * 8);
    blocks.push({ offset, bytes: readImage(disk, block * BLOCK_BYTES, BLOCK_BYTES) });
    offset += BLOCK_BYTES;
  }
  const regions = encodeRegions(tableBytes);
  return createSparseImage(offset, [
    { offset: 0, bytes: encodeIdentifier() },
    { offset: 64 * KIB, bytes: encodeHeader(identity, 1n) },
    { offset: 128 * KIB, bytes: encodeHeader(identity, 2n) },
    { offset: 192 * KIB, bytes: regions },
    { offset: 256 * KIB, bytes: regions },
    { offset: METADATA_OFFSET, bytes: encodeMetadata(disk.sizeBytes, identity) },
    { offset: TABLE_OFFSET, bytes: table },
    ...blocks,
  ]);
}

function entryOf(block: number): number {
  return block + Math.floor(block / CHUNK_RATIO);
}

function encodeIdentifier(): Buffer {
  const identifier = Buffer.alloc(520);
  identifier.write("vhdxfile", 0, "latin1");
  identifier.write("vhd-to-image", 8, "utf16le");
  return identifier;
}

function encodeHeader({ uuid }: DiskIdentity, sequence: bigint): Buffer {
  const header = Buffer.alloc(4 * KIB);
  header.write("head", 0, "latin1");
  header.writeBigUInt64LE(sequence, 8);
  encodeEfiGuid(deriveGuid(uuid, "file write")).copy(header, 16);
  encodeEfiGuid(deriveGuid(uuid, "data write")).copy(header, 32);
  // Bytes 48 to 63, the identifier of the log, are zero: nothing in it waits to be applied.
  header.writeUInt16LE(1, 66); // version
  header.writeUInt32LE(MIB, 68);
  header.writeBigUInt64LE(BigInt(LOG_OFFSET), 72);
  return seal(header);
}

function encodeRegions(tableBytes: number): Buffer {
  const regions = Buffer.alloc(64 * KIB);
  regions.write("regi", 0, "latin1");
  regions.writeUInt32LE(2, 8);
  const put = (at: number, guid: string, offset: number, length: number): void => {
    encodeEfiGuid(guid).copy(regions, at);
    regions.writeBigUInt64LE(BigInt(offset), at + 16);
    regions.writeUInt32LE(length, at + 24);
    regions.writeUInt32LE(1, at + 28); // required
  };
  put(16, REGION.table, TABLE_OFFSET, tableBytes);
  put(48, REGION.metadata, METADATA_OFFSET, MIB);
  return seal(regions);
}

function encodeMetadata(sizeBytes: number, { uuid }: DiskIdentity): Buffer {
  const ofDisk = IS_REQUIRED | IS_OF_THE_DISK;
  const items: readonly (readonly [guid: string, flags: number, value: Buffer])[] = [
    // Size of a block, and no flags: dynamic, without a parent.
    ["caa16737-fa36-4d43-b3b6-33f0aa44e76b", IS_REQUIRED, encodeUInt64(BLOCK_BYTES)],
    ["2fa54224-cd1b-4876-b211-5dbed83bf4b8", ofDisk, encodeUInt64(sizeBytes)],
    ["beca12ab-b2e6-4523-93ef-c309e000c746", ofDisk, encodeEfiGuid(uuid)],
    ["8141bf1d-a96f-4709-ba47-f233a8faab5f", ofDisk, encodeUInt32(SECTOR_BYTES)],
    ["cda348c7-445d-4471-9cc9-e9885251c556", ofDisk, encodeUInt32(4 * KIB)], // physical sector
  ];
  const metadata = Buffer.alloc(ITEMS_OFFSET + KIB);
  metadata.write("metadata", 0, "latin1");
  metadata.writeUInt16LE(items.length, 10);
  let offset = ITEMS_OFFSET;
  for (const [index, [guid, flags, value]] of items.entries()) {
    const at = 32 * (index + 1);
    encodeEfiGuid(guid).copy(metadata, at);
    metadata.writeUInt32LE(offset, at + 16);
    metadata.writeUInt32LE(value.length, at + 20);
    metadata.writeUInt32LE(flags, at + 24);
    value.copy(metadata, offset);
    offset += value.length;
  }
  return metadata;
}

function encodeUInt32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function encodeUInt64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

/** Puts the checksum into a structure, at byte 4. */
function seal(structure: Buffer): Buffer {
  structure.writeUInt32LE(crc32c(structure, 4), 4);
  return structure;
}
