import { deriveGuid, encodeUuid } from "./guid.ts";
import type { PartitionContent, PartitionSpace } from "./partition-content.ts";
import { SECTOR_BYTES } from "./units.ts";

const CLUSTER_SECTORS = 8;
const CLUSTER_BYTES = CLUSTER_SECTORS * SECTOR_BYTES;
const FILE_RECORD_BYTES = 1024;
/** Where Windows puts the master file table on a volume that is large enough: 3 GiB from its start. */
const USUAL_MFT_CLUSTER = 786_432;
const MFT_MIRROR_CLUSTER = 2;
/** Number of the file `$Volume`, which holds label and version. */
const VOLUME_RECORD = 3;

/**
 * Returns a partition with an NTFS boot sector, its copy at the end, the first page of the boot
 * manager loader and the file records `$MFT` and `$Volume`: enough to be recognised, not mounted.
 */
export function ntfs(): PartitionContent {
  return (space) => {
    const mftCluster = locateMft(space.lengthBytes);
    const bootSector = buildBootSector(space, mftCluster);
    const mft = mftCluster * CLUSTER_BYTES;
    return [
      { offset: 0, bytes: bootSector },
      { offset: SECTOR_BYTES, bytes: buildLoaderName() },
      { offset: mft, bytes: buildFileRecord(0) },
      { offset: mft + VOLUME_RECORD * FILE_RECORD_BYTES, bytes: buildFileRecord(VOLUME_RECORD) },
      { offset: space.lengthBytes - SECTOR_BYTES, bytes: bootSector },
    ];
  };
}

function locateMft(lengthBytes: number): number {
  return Math.min(USUAL_MFT_CLUSTER, Math.floor(lengthBytes / CLUSTER_BYTES / 3));
}

function buildBootSector(space: PartitionSpace, mftCluster: number): Buffer {
  const sector = Buffer.alloc(SECTOR_BYTES);
  sector.set([0xeb, 0x52, 0x90], 0);
  sector.write("NTFS    ", 3, "latin1");
  sector.writeUInt16LE(SECTOR_BYTES, 11);
  sector.writeUInt8(CLUSTER_SECTORS, 13);
  sector.writeUInt8(0xf8, 21); // fixed disk
  sector.writeUInt16LE(63, 24);
  sector.writeUInt16LE(255, 26);
  sector.writeUInt32LE(space.startBytes / SECTOR_BYTES, 28);
  sector.writeUInt32LE(0x0080_0080, 36);
  sector.writeBigUInt64LE(BigInt(space.lengthBytes / SECTOR_BYTES - 1), 40);
  sector.writeBigUInt64LE(BigInt(mftCluster), 48);
  sector.writeBigUInt64LE(BigInt(MFT_MIRROR_CLUSTER), 56);
  sector.writeInt8(-10, 64); // file record of 2^10 bytes
  sector.writeInt8(1, 68); // index buffer of one cluster
  encodeUuid(deriveGuid(space.seed, `ntfs/${space.startBytes}`)).copy(sector, 72, 0, 8);
  sector.set([0xfa, 0xf4, 0xeb, 0xfd], 84); // cli, hlt, jmp back
  sector.write("\r\nBOOTMGR is missing\0", 0x18e, "latin1");
  sector.writeUInt16BE(0x55aa, 510);
  return sector;
}

function buildLoaderName(): Buffer {
  const sector = Buffer.alloc(SECTOR_BYTES);
  sector.writeUInt16LE("BOOTMGR".length, 0);
  sector.write("BOOTMGR", 2, "utf16le");
  return sector;
}

/** Returns a file record without attributes; its two sectors carry the update sequence number. */
function buildFileRecord(number: number): Buffer {
  const record = Buffer.alloc(FILE_RECORD_BYTES);
  record.write("FILE", 0, "latin1");
  record.writeUInt16LE(0x30, 4); // update sequence
  record.writeUInt16LE(3, 6);
  record.writeUInt16LE(Math.max(number, 1), 16); // sequence number
  record.writeUInt16LE(1, 18); // one hard link
  record.writeUInt16LE(0x38, 20); // first attribute
  record.writeUInt16LE(1, 22); // in use
  record.writeUInt32LE(0x40, 24);
  record.writeUInt32LE(FILE_RECORD_BYTES, 28);
  record.writeUInt32LE(number, 44);
  for (const offset of [0x30, 510, 1022]) record.writeUInt16LE(1, offset);
  record.writeUInt32LE(0xffff_ffff, 0x38); // end of attributes
  return record;
}
