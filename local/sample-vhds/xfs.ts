import { deriveGuid, encodeUuid } from "./guid.ts";
import type { PartitionContent } from "./partition-content.ts";

const BLOCK_BYTES = 4096;
const GROUPS = 4;
/** Version 4 with attributes, link counts, alignment, log version 2, extent flags, directory version 2, more bits. */
const VERSION = 0xb4b4;
/** Lazy superblock counters, attribute version 2, 32-bit project ids. */
const FEATURES_2 = 0x8a;

/**
 * Returns a partition with an XFS superblock as `mkfs.xfs` writes it (version 4, which has no
 * checksum). Allocation groups are left out: enough to be recognised, not to be mounted.
 *
 * @see https://docs.kernel.org/filesystems/xfs/
 */
export function xfs(label: string): PartitionContent {
  return (space) => {
    const groupBlocks = Math.floor(space.lengthBytes / BLOCK_BYTES / GROUPS);
    const superblock = Buffer.alloc(512);
    superblock.write("XFSB", 0, "latin1");
    superblock.writeUInt32BE(BLOCK_BYTES, 4);
    superblock.writeBigUInt64BE(BigInt(groupBlocks * GROUPS), 8);
    encodeUuid(deriveGuid(space.seed, `xfs/${label}`)).copy(superblock, 32);
    superblock.writeBigUInt64BE(BigInt(groupBlocks * 2 + 8), 48); // log in the second half
    superblock.writeBigUInt64BE(64n, 56); // root directory, real-time bitmap and summary inodes
    superblock.writeBigUInt64BE(65n, 64);
    superblock.writeBigUInt64BE(66n, 72);
    superblock.writeUInt32BE(1, 80);
    superblock.writeUInt32BE(groupBlocks, 84);
    superblock.writeUInt32BE(GROUPS, 88);
    superblock.writeUInt32BE(2560, 96); // log blocks
    superblock.writeUInt16BE(VERSION, 100);
    superblock.writeUInt16BE(512, 102);
    superblock.writeUInt16BE(256, 104);
    superblock.writeUInt16BE(BLOCK_BYTES / 256, 106);
    superblock.write(label, 108, 12, "utf8");
    // Logarithms of the sizes above: block, sector, inode, inodes per block, group
    superblock.set([12, 9, 8, 4, Math.ceil(Math.log2(groupBlocks))], 120);
    superblock.writeUInt8(25, 127); // at most 25 % inodes
    superblock.writeBigUInt64BE(64n, 128);
    superblock.writeBigUInt64BE(61n, 136);
    superblock.writeBigUInt64BE(BigInt(groupBlocks * 2), 144);
    superblock.writeUInt32BE(FEATURES_2, 200);
    superblock.writeUInt32BE(FEATURES_2, 204);
    return [{ offset: 0, bytes: superblock }];
  };
}
