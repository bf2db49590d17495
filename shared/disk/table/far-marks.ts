import {
  placeMdAtEnd,
  VMFS_VOLUME_OFFSET,
  ZFS_LIST_OFFSET,
  ZFS_UBERBLOCKS_OFFSET,
} from "../content/member-rules.ts";

/** Bytes of a volume that take a read of their own, counted from its start. */
export interface Stretch {
  readonly offset: number;
  readonly bytes: number;
}

/** Places beyond the first bytes of a volume where a mark may stand, the likelier first. */
export const FAR_MARKS = {
  /** Swap with pages of 64 KiB, Btrfs, ReiserFS, UFS 2, GFS2. */
  superblocks: { offset: 0xfe00, bytes: 0x1200 },
  /** Swap with smaller pages, UFS 1, ZFS' list, JFS, ISO 9660, UDF. */
  middle: { offset: 0x1e00, bytes: 0x7400 },
  zfs: { offset: ZFS_UBERBLOCKS_OFFSET, bytes: 0x1000 },
  vmfs: { offset: VMFS_VOLUME_OFFSET, bytes: 0x200 },
  zfsList: { offset: ZFS_LIST_OFFSET, bytes: 0x200 },
} as const satisfies Readonly<Record<string, Stretch>>;

/** The end of `middle` alone, where what is before it was read already. */
export const VOLUME_DESCRIPTORS: Stretch = { offset: 0x7e00, bytes: 0x1400 };

/** Where Linux' RAID has a superblock at the end of a volume of this size. */
export function placeEndMarks(size: number): readonly Stretch[] {
  return placeMdAtEnd(size).map((offset) => ({ offset, bytes: 0x200 }));
}
