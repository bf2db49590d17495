import { deflateRawSync } from "node:zlib";
import { createSparseImage, type Extent, readImage, type SparseImage } from "./sparse-image.ts";

const CLUSTER_BITS = 16;
const CLUSTER_BYTES = 2 ** CLUSTER_BITS;
const ENTRIES_PER_TABLE = CLUSTER_BYTES / 8;
const SECTOR = 512;
/** The reference count of a cluster is 1: it may be written in place. */
const COPIED = 1n << 63n;
const COMPRESSED = 1n << 62n;
/** Where the number of further sectors of a compressed cluster begins in its entry. */
const SECTORS_SHIFT = BigInt(62 - (CLUSTER_BITS - 8));
const L1_CLUSTER = 1;
const REFCOUNT_TABLE_CLUSTER = 2;
const REFCOUNT_BLOCK_CLUSTER = 3;
const FIRST_L2_CLUSTER = 4;

/**
 * Returns the disk as a qcow2 file of version 2 with clusters of 64 KiB, every other one compressed
 * where that makes it smaller. One block of reference counts has to do: for files of up to 2 GiB.
 * https://gitlab.com/qemu-project/qemu/-/blob/master/docs/interop/qcow2.rst
 */
export function buildQcow2(disk: SparseImage): SparseImage {
  const l2Count = Math.ceil(disk.sizeBytes / CLUSTER_BYTES / ENTRIES_PER_TABLE);
  const l2 = Buffer.alloc(l2Count * CLUSTER_BYTES);
  const counts = Buffer.alloc(CLUSTER_BYTES);
  const dataAt = (FIRST_L2_CLUSTER + l2Count) * CLUSTER_BYTES;
  count(counts, 0, dataAt);
  const data: Extent[] = [];
  let offset = dataAt;
  for (const [index, cluster] of listUsedClusters(disk).entries()) {
    const plain = readImage(disk, cluster * CLUSTER_BYTES, CLUSTER_BYTES);
    const packed = deflateRawSync(plain, { windowBits: 12 });
    const isPacked = index % 2 === 1 && packed.length < CLUSTER_BYTES - SECTOR;
    if (!isPacked) offset = Math.ceil(offset / CLUSTER_BYTES) * CLUSTER_BYTES;
    const bytes = isPacked ? packed : plain;
    const entry = isPacked ? packedEntry(offset, bytes.length) : COPIED | BigInt(offset);
    l2.writeBigUInt64BE(entry, cluster * 8);
    data.push({ offset, bytes });
    count(counts, offset, bytes.length);
    offset += bytes.length;
  }
  const sizeBytes = Math.ceil(offset / CLUSTER_BYTES) * CLUSTER_BYTES;
  return createSparseImage(sizeBytes, [
    { offset: 0, bytes: encodeHeader(disk.sizeBytes, l2Count) },
    { offset: L1_CLUSTER * CLUSTER_BYTES, bytes: encodeL1(l2Count) },
    { offset: REFCOUNT_TABLE_CLUSTER * CLUSTER_BYTES, bytes: encodeOffset(REFCOUNT_BLOCK_CLUSTER) },
    { offset: REFCOUNT_BLOCK_CLUSTER * CLUSTER_BYTES, bytes: counts },
    { offset: FIRST_L2_CLUSTER * CLUSTER_BYTES, bytes: l2 },
    ...data,
  ]);
}

function packedEntry(offset: number, length: number): bigint {
  const further = Math.floor((offset + length - 1) / SECTOR) - Math.floor(offset / SECTOR);
  return COMPRESSED | (BigInt(further) << SECTORS_SHIFT) | BigInt(offset);
}

/** Counts one more reference to every cluster that the bytes touch. */
function count(counts: Buffer, offset: number, length: number): void {
  const last = Math.floor((offset + length - 1) / CLUSTER_BYTES);
  for (let cluster = Math.floor(offset / CLUSTER_BYTES); cluster <= last; cluster++) {
    counts.writeUInt16BE(counts.readUInt16BE(cluster * 2) + 1, cluster * 2);
  }
}

function encodeHeader(diskBytes: number, l1Size: number): Buffer {
  const header = Buffer.alloc(72);
  header.write("QFI\xfb", 0, "latin1");
  header.writeUInt32BE(2, 4); // version
  header.writeUInt32BE(CLUSTER_BITS, 20);
  header.writeBigUInt64BE(BigInt(diskBytes), 24);
  header.writeUInt32BE(l1Size, 36);
  header.writeBigUInt64BE(BigInt(L1_CLUSTER * CLUSTER_BYTES), 40);
  header.writeBigUInt64BE(BigInt(REFCOUNT_TABLE_CLUSTER * CLUSTER_BYTES), 48);
  header.writeUInt32BE(1, 56); // clusters of the table of reference counts
  return header;
}

function encodeL1(l2Count: number): Buffer {
  const table = Buffer.alloc(l2Count * 8);
  for (let index = 0; index < l2Count; index++) {
    const offset = BigInt((FIRST_L2_CLUSTER + index) * CLUSTER_BYTES);
    table.writeBigUInt64BE(COPIED | offset, index * 8);
  }
  return table;
}

function encodeOffset(cluster: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(cluster * CLUSTER_BYTES));
  return bytes;
}

function listUsedClusters(disk: SparseImage): number[] {
  const used = new Set<number>();
  for (const { offset, bytes } of disk.extents) {
    const last = Math.floor((offset + bytes.length - 1) / CLUSTER_BYTES);
    for (let cluster = Math.floor(offset / CLUSTER_BYTES); cluster <= last; cluster++) {
      used.add(cluster);
    }
  }
  return [...used].toSorted((a, b) => a - b);
}
