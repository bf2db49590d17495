import { VOLUME_RECIPES } from "../../../disks/recipes/volumes.ts";
import type { FindingSummary } from "./summarize-finding.ts";

type System = "Linux, low" | "Linux, medium" | "unknown, low";

/** What blkid calls a volume, by the name that is reported here, and the systems that use it. */
const VOLUMES: Readonly<Record<string, readonly [name: string, system: System]>> = {
  DM_verity_hash: ["dm-verity", "Linux, low"],
  LVM2_member: ["LVM2", "Linux, low"],
  VMFS_volume_member: ["VMFS", "unknown, low"],
  apfs: ["APFS", "unknown, low"],
  btrfs: ["Btrfs", "Linux, low"],
  cramfs: ["cramfs", "Linux, low"],
  crypto_LUKS: ["LUKS2", "Linux, low"],
  exfat: ["exFAT", "unknown, low"],
  ext2: ["ext2", "Linux, low"],
  ext3: ["ext3", "Linux, low"],
  ext4: ["ext4", "Linux, low"],
  f2fs: ["F2FS", "Linux, low"],
  gfs2: ["GFS2", "Linux, low"],
  hfs: ["HFS", "unknown, low"],
  iso9660: ["ISO 9660", "unknown, low"],
  jfs: ["JFS", "Linux, low"],
  linux_raid_member: ["MD RAID", "Linux, low"],
  nilfs2: ["NILFS2", "Linux, low"],
  ocfs2: ["OCFS2", "Linux, low"],
  reiserfs: ["ReiserFS", "Linux, low"],
  swap: ["swap", "Linux, low"],
  udf: ["UDF", "unknown, low"],
  ufs: ["UFS", "Linux, medium"],
  vfat: ["FAT16", "unknown, low"],
  xfs: ["XFS", "Linux, low"],
  zfs_member: ["ZFS", "Linux, medium"],
};

/** Where blkid has no word for it, or one for two things that differ here. */
const EXCEPTIONS: Readonly<Record<string, readonly [name: string, system: System]>> = {
  apfs: ["APFS", "unknown, low"],
  openbsd: ["BSD disklabel", "Linux, medium"],
  "fat32-over-ext4": ["FAT32", "unknown, low"],
};

const WARNINGS: Readonly<Record<string, readonly string[]>> = {
  "partition-ext4-broken-checksum": [
    "partition 1 has the mark of ext4, which does not fit its size or appears together with that of another file system",
  ],
  "data-fat-over-gpt": [
    "the remains of a GPT are still there, without a protective MBR; the file system over them counts",
  ],
};

/**
 * What each disk of its recipes is, by what blkid said of it when the recipe was written: nothing here
 * comes from the inspection. Nothing starts from any of them.
 */
export const EXPECTED_OF_VOLUMES: Readonly<Record<string, FindingSummary>> = Object.fromEntries(
  VOLUME_RECIPES.map(({ name, blkid = {} }) => {
    const [truth] = Object.values(blkid);
    const known =
      EXCEPTIONS[name.replace(/^(?:volume|partition)-/, "")] ?? VOLUMES[truth?.type ?? ""];
    if (known === undefined) throw new Error(`nothing is known of ${name}`);
    const [volume, osType] = known;
    const inside = ["Microsoft basic data", volume, ...(truth?.label ? [truth.label] : [])];
    const isDivided = name.startsWith("partition-");
    const summary: FindingSummary = {
      format: "fixed VHD",
      table: isDivided ? "gpt" : "none",
      partitions: isDivided ? [inside.join(" / ")] : [],
      osType,
      generation: "unknown, low",
      architecture: null,
      warnings: WARNINGS[name] ?? [],
      problem: null,
    };
    return [name, summary];
  }),
);
