import { EXT4_DISK, LINUX_GEN2 } from "./contents.ts";
import type { DiskRecipe } from "./recipe.ts";

/** VHDs that were damaged, or changed after they had been made. */
export const DAMAGED_RECIPES: readonly DiskRecipe[] = [
  {
    name: "gpt-primary-destroyed",
    role: "os",
    tools: ["sgdisk", "mkfs.vfat", "mmd", "mkfs.ext4", "qemu-img"],
    script: `${LINUX_GEN2}\ndd if=/dev/zero of=disk bs=512 seek=1 count=33 conv=notrunc status=none\nvhd`,
  },
  {
    name: "gpt-enlarged",
    role: "os",
    tools: ["sgdisk", "mkfs.vfat", "mmd", "mkfs.ext4", "qemu-img"],
    script: `${LINUX_GEN2}\ntruncate -s 160M disk\nvhd`,
  },
  {
    name: "vhd-cut-short",
    role: "os",
    tools: ["sgdisk", "mkfs.vfat", "mmd", "mkfs.ext4", "qemu-img"],
    script: `${LINUX_GEN2}\nvhd\ntruncate -s 100M out`,
  },
  {
    name: "vhd-padded",
    role: "data",
    tools: ["mkfs.ext4", "qemu-img"],
    script: `${EXT4_DISK}\nvhd\ntruncate -s +2560 out`,
  },
  {
    name: "vhd-old-footer",
    role: "data",
    tools: ["mkfs.ext4", "qemu-img"],
    script: `${EXT4_DISK}\nvhd\ntruncate -s -1 out`,
  },
  {
    name: "vhd-odd-size",
    role: "data",
    tools: ["mkfs.ext4", "qemu-img"],
    script: `${EXT4_DISK}\ntruncate -s +1536 disk\nvhd`,
  },
];
