import { viewOf } from "../bytes.ts";
import { rawCrc32c } from "../crc32c.ts";
import { labelAt } from "./member-rules.ts";
import type { VolumeRule } from "./volume-rule.ts";
import { standsAt, type VolumeView } from "./volume-view.ts";

const SUPERBLOCK = 0x400;
const SUPERBLOCK_BYTES = 1024;
const CHECKSUM_OFFSET = 0x3fc;
const MAX_LOG_BLOCK = 6;
const METADATA_CHECKSUMS = 0x400;
const SIZE_64_BIT = 0x80;
const EXT3_JOURNAL = 0x4;
const EXTERNAL_JOURNAL = 0x8;
/** Extents, 64 bit and flexible groups came with ext4, and checksums among the read-only features. */
const EXT4_INCOMPATIBLE = 0x40 | 0x80 | 0x200;
const EXT4_READ_ONLY = 0x8 | 0x10 | 0x20 | 0x40 | METADATA_CHECKSUMS;

/** ext2, ext3 and ext4 (https://www.kernel.org/doc/html/latest/filesystems/ext4/globals.html). */
export const EXT_RULE: VolumeRule = {
  name: "ext",
  system: "Linux",
  matches: (view) => {
    if (!standsAt(view, SUPERBLOCK + 0x38, [0x53, 0xef])) return false;
    const fields = fieldsOf(view);
    return fields.getUint32(0x18, true) <= MAX_LOG_BLOCK && fields.getUint32(4, true) > 0;
  },
  isIntact: (view) => {
    const fields = fieldsOf(view);
    const isChecked = (fields.getUint32(0x64, true) & METADATA_CHECKSUMS) !== 0;
    const superblock = view.slice(SUPERBLOCK, SUPERBLOCK_BYTES);
    if (!isChecked || superblock === null) return true;
    return (
      rawCrc32c(superblock.subarray(0, CHECKSUM_OFFSET)) === fields.getUint32(CHECKSUM_OFFSET, true)
    );
  },
  size: (view) => {
    const fields = fieldsOf(view);
    const has64 = (fields.getUint32(0x60, true) & SIZE_64_BIT) !== 0;
    const high = has64 ? fields.getUint32(0x150, true) : 0;
    const blocks = high * 2 ** 32 + fields.getUint32(4, true);
    return blocks * 2 ** (10 + fields.getUint32(0x18, true));
  },
  refineName: nameExt,
  label: (view) => labelAt(view, SUPERBLOCK + 0x78, 16),
};

function fieldsOf(view: VolumeView): DataView {
  return viewOf(view.slice(SUPERBLOCK, SUPERBLOCK_BYTES) ?? new Uint8Array(SUPERBLOCK_BYTES));
}

function nameExt(view: VolumeView): string {
  const fields = fieldsOf(view);
  const incompatible = fields.getUint32(0x60, true);
  if ((incompatible & EXTERNAL_JOURNAL) !== 0) return "ext journal";
  const isExt4 =
    (incompatible & EXT4_INCOMPATIBLE) !== 0 ||
    (fields.getUint32(0x64, true) & EXT4_READ_ONLY) !== 0;
  if (isExt4) return "ext4";
  return fields.getUint32(0x5c, true) & EXT3_JOURNAL ? "ext3" : "ext2";
}
