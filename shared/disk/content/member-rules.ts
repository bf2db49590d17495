import { hasBytesAt, readLabel, viewOf } from "../bytes.ts";
import type { VolumeRule } from "./volume-rule.ts";
import { standsAt, type VolumeView } from "./volume-view.ts";

const MD_MAGIC = [0xfc, 0x4e, 0x2b, 0xa9] as const;
const MD_SUPERBLOCK_BYTES = 256;
const BCACHE_MAGIC = [
  0xc6, 0x85, 0x73, 0xf6, 0x4e, 0x1a, 0x45, 0xca, 0x82, 0x65, 0xf5, 0x7f, 0x48, 0xba, 0x6d, 0x81,
] as const;
const SECTOR = 512;
/** KiB of the array that a member of 0.90 has. */
const MD_090_SIZE = 32;
const MD_RESERVED = 64 * 1024;
/** Label 0 of ZFS: its name-value list after 16 KiB, its uberblocks from 128 KiB. */
export const ZFS_LIST_OFFSET = 0x4000;
export const ZFS_UBERBLOCKS_OFFSET = 0x2_0000;
const ZFS_LIST_HEAD = [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1] as const;
const ZFS_UBERBLOCK_MAGIC = 0x00bab10cn;
/** VMware's volume manager. */
export const VMFS_VOLUME_OFFSET = 0x10_0000;

/** Where Linux' RAID writes its superblock at the end of a member of this size: 0.90 and 1.0. */
export function placeMdAtEnd(size: number): readonly [v090: number, v10: number] {
  const sectors = Math.floor(size / SECTOR);
  const v10 = Math.floor((sectors - 16) / 8) * 8 * SECTOR;
  return [Math.floor(size / MD_RESERVED) * MD_RESERVED - MD_RESERVED, v10];
}

/**
 * Volumes that hold others: what follows or precedes the mark belongs to what is inside, or is left
 * from before, so they win over every file system.
 */
export const MEMBER_RULES: readonly VolumeRule[] = [
  {
    name: "LUKS",
    system: "Linux",
    matches: (view) => placeLuks(view) !== undefined,
    refineName: (view) => {
      const version = view.slice((placeLuks(view) ?? 0) + 6, 2) ?? new Uint8Array(2);
      return `LUKS${viewOf(version).getUint16(0)}`;
    },
    label: (view) => {
      const place = placeLuks(view) ?? 0;
      return standsAt(view, place + 6, [0, 2]) ? labelAt(view, place + 24, 48) : null;
    },
  },
  {
    name: "MD RAID",
    system: "Linux",
    matches: isMdMember,
    room: (view) => {
      const [v090, v10] = placeMdAtEnd(view.size);
      if (isMdSuperblock(view, v10)) return v10;
      return isOldMd(view, v090) ? v090 : Number.POSITIVE_INFINITY;
    },
    label: (view) => {
      const place = placesOfMd(view).find((offset) => isMdSuperblock(view, offset));
      return place === undefined ? null : labelAt(view, place + 32, 32);
    },
  },
  {
    name: "LVM2",
    system: "Linux",
    // The label is in one of the first four sectors, its type 24 bytes after its start.
    matches: (view) =>
      [0, 1, 2, 3].some(
        (sector) =>
          standsAt(view, sector * SECTOR, "LABELONE") &&
          standsAt(view, sector * SECTOR + 24, "LVM2 001"),
      ),
  },
  { name: "ZFS", system: "BSD", matches: isZfsMember },
  { name: "bcache", system: "Linux", matches: (view) => standsAt(view, 0x1018, BCACHE_MAGIC) },
  { name: "dm-verity", system: "Linux", matches: (view) => standsAt(view, 0, "verity\0\0") },
  { name: "dm-integrity", system: "Linux", matches: (view) => standsAt(view, 0, "integrt\0") },
  { name: "VDO", system: "Linux", matches: (view) => standsAt(view, 0, "dmvdo001") },
  {
    name: "VMFS",
    system: "VMware",
    matches: (view) =>
      standsAt(view, VMFS_VOLUME_OFFSET, [0x0d, 0xd0, 0x01, 0xc0]) ||
      standsAt(view, 2 * VMFS_VOLUME_OFFSET, [0x5e, 0xf1, 0xab, 0x2f]),
  },
  { name: "BitLocker", system: "Windows", matches: (view) => standsAt(view, 3, "-FVE-FS-") },
];

/** The first header of LUKS, or the nearest place of the second one that version 2 has. */
function placeLuks(view: VolumeView): number | undefined {
  const isFirst = standsAt(view, 0, [0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe]);
  const isSecond = standsAt(view, 0x4000, [0x53, 0x4b, 0x55, 0x4c, 0xba, 0xbe]);
  return isFirst ? 0 : isSecond ? 0x4000 : undefined;
}

/** The label in a fixed-length field of UTF-8. */
export function labelAt(view: VolumeView, offset: number, bytes: number): string | null {
  const field = view.slice(offset, bytes);
  return field && readLabel(field, "utf-8");
}

function isMdMember(view: VolumeView): boolean {
  const [v090] = placeMdAtEnd(view.size);
  return placesOfMd(view).some((offset) => isMdSuperblock(view, offset)) || isOldMd(view, v090);
}

function placesOfMd({ size }: VolumeView): readonly number[] {
  return [0, 0x1000, placeMdAtEnd(size)[1]];
}

/** Version 1.x: a superblock that says itself where it stands. */
function isMdSuperblock(view: VolumeView, offset: number): boolean {
  if (offset < 0 || !standsAt(view, offset, MD_MAGIC)) return false;
  const superblock = view.slice(offset, MD_SUPERBLOCK_BYTES);
  if (superblock === null) return true;
  const fields = viewOf(superblock);
  const place = fields.getBigUint64(144, true);
  return fields.getUint32(4, true) === 1 && place === BigInt(offset / SECTOR);
}

/** Version 0.90, in either byte order: what it covers ends before it. */
function isOldMd(view: VolumeView, offset: number): boolean {
  const fields = offset < 0 ? null : view.slice(offset, 64);
  return [true, false].some((isLittle) => {
    if (fields === null || viewOf(fields).getUint32(0, isLittle) !== 0xa92b_4efc) return false;
    return viewOf(fields).getUint32(MD_090_SIZE, isLittle) * 1024 <= offset;
  });
}

function isZfsMember(view: VolumeView): boolean {
  const list = view.slice(ZFS_LIST_OFFSET, 64);
  if (list !== null && hasBytesAt(list, 0, ZFS_LIST_HEAD)) return true;
  const ring = view.slice(ZFS_UBERBLOCKS_OFFSET, 4096);
  if (ring === null) return false;
  const fields = viewOf(ring);
  return [0, 1024, 2048, 3072].some((slot) =>
    [true, false].some((isLittle) => fields.getBigUint64(slot, isLittle) === ZFS_UBERBLOCK_MAGIC),
  );
}
