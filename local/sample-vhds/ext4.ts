import { deriveGuid, encodeUuid } from "./guid.ts";
import type { PartitionContent } from "./partition-content.ts";

const BLOCK_BYTES = 4096;
const BLOCKS_PER_GROUP = 32768;
const INODES_PER_GROUP = 8192;
const SUPERBLOCK_OFFSET = 1024;

/** has_journal, ext_attr, resize_inode, dir_index. */
const COMPATIBLE = 0x3c;
/** filetype, extents, 64bit, flex_bg. */
const INCOMPATIBLE = 0x2c2;
/** sparse_super, large_file, huge_file, dir_nlink, extra_isize. */
const READ_ONLY_COMPATIBLE = 0x6b;

/**
 * Returns a partition with an ext4 superblock as `mke2fs` writes it. Group descriptors and inodes are
 * left out: enough to be recognised, not to be mounted.
 *
 * @see https://www.kernel.org/doc/html/latest/filesystems/ext4/globals.html#super-block
 */
export function ext4(label: string): PartitionContent {
  return (space) => {
    const blocks = Math.floor(space.lengthBytes / BLOCK_BYTES);
    const inodes = Math.ceil(blocks / BLOCKS_PER_GROUP) * INODES_PER_GROUP;
    const superblock = Buffer.alloc(1024);
    writeCounts(superblock, blocks, inodes);
    writeHistory(superblock, Math.floor(space.createdAt.getTime() / 1000));
    superblock.writeUInt32LE(1, 76); // revision with the fields from here on
    superblock.writeUInt32LE(11, 84); // first inode that is not reserved
    superblock.writeUInt16LE(256, 88);
    superblock.writeUInt32LE(COMPATIBLE, 92);
    superblock.writeUInt32LE(INCOMPATIBLE, 96);
    superblock.writeUInt32LE(READ_ONLY_COMPATIBLE, 100);
    encodeUuid(deriveGuid(space.seed, `ext4/${label}`)).copy(superblock, 104);
    superblock.write(label, 120, 16, "utf8");
    superblock.writeUInt32LE(8, 0xe0); // journal inode
    superblock.writeUInt16LE(64, 0xfe); // group descriptor size
    return [{ offset: SUPERBLOCK_OFFSET, bytes: superblock }];
  };
}

function writeCounts(superblock: Buffer, blocks: number, inodes: number): void {
  superblock.writeUInt32LE(inodes >>> 0, 0);
  superblock.writeUInt32LE(blocks % 2 ** 32, 4);
  superblock.writeUInt32LE(Math.floor(blocks / 2 ** 32), 0x150);
  superblock.writeUInt32LE((blocks >>> 1) >>> 0, 12); // free blocks: say half
  superblock.writeUInt32LE(inodes - 11, 16);
  superblock.writeUInt32LE(2, 24); // block size 1024 << 2
  superblock.writeUInt32LE(2, 28);
  superblock.writeUInt32LE(BLOCKS_PER_GROUP, 32);
  superblock.writeUInt32LE(BLOCKS_PER_GROUP, 36);
  superblock.writeUInt32LE(INODES_PER_GROUP, 40);
}

function writeHistory(superblock: Buffer, unixSeconds: number): void {
  superblock.writeUInt32LE(unixSeconds, 44);
  superblock.writeUInt32LE(unixSeconds, 48);
  superblock.writeUInt16LE(0xffff, 54); // no check after a number of mounts
  superblock.writeUInt16LE(0xef53, 56);
  superblock.writeUInt16LE(1, 58); // cleanly unmounted
  superblock.writeUInt16LE(1, 60); // on errors: continue
  superblock.writeUInt32LE(unixSeconds, 64);
}
