import { readLabel, viewOf } from "../bytes.ts";
import { crc32 } from "../crc32.ts";
import { rawCrc32c } from "../crc32c.ts";
import { EXT_RULE } from "./ext.ts";
import { labelAt } from "./member-rules.ts";
import { isSwap, isSwapOfVersion0 } from "./swap.ts";
import type { VolumeRule } from "./volume-rule.ts";
import { standsAt, type VolumeView } from "./volume-view.ts";

const BTRFS_OFFSET = 0x1_0000;
const BTRFS_BYTES = 0x1000;
const BTRFS_CRC32C = 0;
const BCACHEFS_MAGIC = [
  0xc6, 0x85, 0x73, 0xf6, 0x66, 0xce, 0x90, 0xa9, 0xd9, 0x6a, 0x60, 0xcf, 0x80, 0x3d, 0xf7, 0xef,
] as const;
/** Superblocks of UFS may start here, and their magic number stands 1372 bytes into them. */
const UFS_OFFSETS = [0, 0x2000, 0x1_0000, 0x4_0000] as const;
const UFS_MAGICS = [0x0001_1954, 0x1954_0119, 0x1901_5419, 0x1954_0161] as const;
const BSD_LABEL = 0x8256_4557;

/** File systems that are recognized by a superblock further in. */
export const SUPERBLOCK_RULES: readonly VolumeRule[] = [
  {
    name: "XFS",
    system: "Linux",
    matches: isXfs,
    isIntact: isXfsIntact,
    size: (view) => {
      const fields = fieldsOf(view, 0, 16);
      return fields.getUint32(4) * Number(fields.getBigUint64(8));
    },
    label: (view) => labelAt(view, 108, 12),
  },
  { name: "SquashFS", system: "Linux", matches: (view) => standsAt(view, 0, "hsqs") },
  {
    name: "cramfs",
    system: "Linux",
    matches: (view) => standsAt(view, 0, [0x45, 0x3d, 0xcd, 0x28]),
    label: (view) => labelAt(view, 0x30, 16),
  },
  {
    name: "EROFS",
    system: "Linux",
    matches: (view) => standsAt(view, 0x400, [0xe2, 0xe1, 0xf5, 0xe0]),
    label: (view) => labelAt(view, 0x440, 16),
  },
  { name: "bcachefs", system: "Linux", matches: (view) => standsAt(view, 0x1018, BCACHEFS_MAGIC) },
  {
    name: "F2FS",
    system: "Linux",
    matches: (view) => standsAt(view, 0x400, [0x10, 0x20, 0xf5, 0xf2]),
    label: (view) => {
      const field = view.slice(0x47c, 1024);
      return field && readLabel(field, "utf-16le");
    },
  },
  {
    name: "NILFS2",
    system: "Linux",
    matches: isNilfs,
    label: (view) => labelAt(view, 0x400 + 0xa8, 80),
  },
  {
    name: "OCFS2",
    system: "Linux",
    matches: (view) => placeOcfs2(view) !== undefined,
    label: (view) => labelAt(view, (placeOcfs2(view) ?? 0) + 0x110, 64),
  },
  EXT_RULE,
  {
    name: "Btrfs",
    system: "Linux",
    matches: (view) => standsAt(view, BTRFS_OFFSET + 0x40, "_BHRfS_M"),
    isIntact: isBtrfsIntact,
    label: (view) => labelAt(view, BTRFS_OFFSET + 0x12b, 256),
  },
  {
    name: "JFS",
    system: "Linux",
    matches: (view) => standsAt(view, 0x8000, "JFS1"),
    label: (view) => labelAt(view, 0x8000 + 152, 16),
  },
  {
    name: "ReiserFS",
    system: "Linux",
    matches: (view) =>
      [0x1_0034, 0x2034].some((offset) => standsAt(view, offset, "ReIsEr")) ||
      standsAt(view, 0x1_0000, "ReIsEr4"),
    label: (view) => labelAt(view, 0x1_0064, 16),
  },
  {
    name: "swap",
    system: "Linux",
    matches: isSwap,
    label: (view) => (isSwapOfVersion0(view) ? null : labelAt(view, 0x41c, 16)),
  },
  { name: "UFS", system: "BSD", matches: isUfs },
  { name: "APFS", system: "macOS", matches: (view) => standsAt(view, 32, "NXSB") },
  {
    name: "HFS+",
    system: "macOS",
    matches: (view) =>
      ["H+\0\x04", "HX\0\x05", "BD"].some((magic) => standsAt(view, 0x400, magic)) &&
      !standsAt(view, 0x438, [0x53, 0xef]),
    refineName: (view) => (isOldHfs(view) ? "HFS" : "HFS+"),
    label: (view) => {
      const length = Math.min(27, view.slice(0x424, 1)?.[0] ?? 0);
      return isOldHfs(view) ? labelAt(view, 0x425, length) : null;
    },
  },
  {
    name: "UDF",
    system: null,
    matches: (view) =>
      [0x8001, 0x8801, 0x9001].some((offset) =>
        ["NSR02", "NSR03"].some((magic) => standsAt(view, offset, magic)),
      ),
  },
  {
    name: "ISO 9660",
    system: null,
    matches: (view) => standsAt(view, 0x8001, "CD001"),
    label: (view) => labelAt(view, 0x8028, 32),
  },
  {
    name: "GFS2",
    system: "Linux",
    matches: (view) => standsAt(view, 0x1_0000, [1, 0x16, 0x19, 0x70]),
  },
  {
    // Partitions of its own kind inside: in sector 1, of the whole disk or of a partition.
    name: "BSD disklabel",
    system: "BSD",
    matches: (view) => {
      const fields = fieldsOf(view, 0x200, 136);
      return fields.getUint32(0, true) === BSD_LABEL && fields.getUint32(132, true) === BSD_LABEL;
    },
  },
];

function fieldsOf(view: VolumeView, offset: number, count: number): DataView {
  return viewOf(view.slice(offset, count) ?? new Uint8Array(count));
}

/** The first HFS; it may be a shell around HFS+. */
function isOldHfs(view: VolumeView): boolean {
  return standsAt(view, 0x400, "BD") && !standsAt(view, 0x47c, "H+");
}

/** Its superblock is in block 2, of 512 bytes to 4 KiB. */
function placeOcfs2(view: VolumeView): number | undefined {
  return [0x400, 0x800, 0x1000, 0x2000].find((offset) => standsAt(view, offset, "OCFSV2"));
}

function isXfs(view: VolumeView): boolean {
  const fields = fieldsOf(view, 0, 512);
  const blockBytes = fields.getUint32(4);
  const isPossible = fields.getUint32(88) > 0 && blockBytes >= 512 && blockBytes <= 65536;
  return standsAt(view, 0, "XFSB") && isPossible;
}

function isXfsIntact(view: VolumeView): boolean {
  const fields = fieldsOf(view, 0, 512);
  const covered = Uint8Array.from(view.slice(0, fields.getUint16(102)) ?? []);
  if ((fields.getUint16(100) & 0xf) !== 5 || covered.length < 512) return true;
  covered.fill(0, 224, 228);
  return ~rawCrc32c(covered) >>> 0 === fields.getUint32(224, true);
}

function isBtrfsIntact(view: VolumeView): boolean {
  const superblock = view.slice(BTRFS_OFFSET, BTRFS_BYTES);
  if (superblock === null) return true;
  const fields = viewOf(superblock);
  if (fields.getUint16(0xc4, true) !== BTRFS_CRC32C) return true; // a stronger one: not calculated
  return ~rawCrc32c(superblock.subarray(0x20)) >>> 0 === fields.getUint32(0, true);
}

function isNilfs(view: VolumeView): boolean {
  if (!standsAt(view, 0x406, [0x34, 0x34])) return false;
  const fields = fieldsOf(view, 0x400, 24);
  const bytes = fields.getUint16(8, true);
  const covered = Uint8Array.from(view.slice(0x400, bytes) ?? []);
  if (bytes < 64 || covered.length !== bytes) return false;
  covered.fill(0, 16, 20);
  // The kernel's crc32_le, which neither seeds nor inverts by itself.
  return crc32Raw(covered, fields.getUint32(12, true)) === fields.getUint32(16, true);
}

function crc32Raw(bytes: Uint8Array, seed: number): number {
  return ~crc32(bytes, seed) >>> 0;
}

function isUfs(view: VolumeView): boolean {
  return UFS_OFFSETS.some((offset) => {
    const magic = fieldsOf(view, offset + 1372, 4);
    return UFS_MAGICS.some((value) =>
      [true, false].some((isLittle) => magic.getUint32(0, isLittle) === value),
    );
  });
}
