import { EXT4_DISK } from "./contents.ts";
import type { DiskRecipe } from "./recipe.ts";

/** Disks that nothing starts from. */
export const DATA_RECIPES: readonly DiskRecipe[] = [
  {
    name: "data-whole-ext4",
    role: "data",
    tools: ["mkfs.ext4", "qemu-img"],
    script: `${EXT4_DISK}\nvhd`,
  },
  {
    name: "data-whole-ntfs",
    role: "data",
    tools: ["mkfs.ntfs", "qemu-img"],
    script: "truncate -s 64M disk; mkfs.ntfs -q -F -Q -L Data disk\nvhd",
  },
  {
    name: "data-whole-fat",
    role: "data",
    tools: ["mkfs.vfat", "qemu-img"],
    script: "truncate -s 64M disk; mkfs.vfat -F 16 -n DATA disk >vfat.log\nvhd",
  },
  {
    name: "data-whole-btrfs",
    role: "data",
    tools: ["mkfs.btrfs", "qemu-img"],
    script: "truncate -s 128M disk; mkfs.btrfs -q -L data disk\nvhd",
  },
  {
    name: "data-gpt-exfat",
    role: "data",
    tools: ["sgdisk", "mkfs.exfat", "qemu-img"],
    script: [
      "truncate -s 64M disk; sgdisk -n 1:2048:0 -t 1:0700 disk",
      "truncate -s 60M e.fs; mkfs.exfat -L Data e.fs >exfat.log; place e.fs 2048",
      "vhd",
    ].join("\n"),
  },
  {
    name: "data-gpt-many",
    role: "data",
    tools: ["sgdisk", "mkfs.f2fs", "mksquashfs", "mkfs.erofs", "qemu-img"],
    script: [
      "truncate -s 128M disk",
      "sgdisk -n 1:2048:+60M -n 2:0:+2M -n 3:0:+2M disk",
      "truncate -s 60M f.fs; mkfs.f2fs -q -l flash f.fs; place f.fs 2048",
      "mkdir empty; mksquashfs empty s.fs -quiet -no-progress >s.log; place s.fs 124928",
      "mkfs.erofs -d0 e.fs empty; place e.fs 129024",
      "vhd",
    ].join("\n"),
  },
  { name: "data-empty", role: "data", tools: ["qemu-img"], script: "truncate -s 8M disk\nvhd" },
];
