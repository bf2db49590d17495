import { LINUX_GEN2 } from "./contents.ts";
import type { DiskRecipe } from "./recipe.ts";

const GRUB = "/usr/lib/grub/i386-pc";
const GRUB_SECTOR_0 = `dd if=${GRUB}/boot.img of=disk bs=440 count=1 conv=notrunc status=none`;
const GRUB_CORE = `grub-mkimage -O i386-pc -d ${GRUB} -p /boot/grub -o core.img biosdisk part_gpt part_msdos`;

/** Disks as Linux distributions lay them out. */
export const LINUX_RECIPES: readonly DiskRecipe[] = [
  {
    name: "linux-gen2-ext4",
    role: "os",
    system: "Linux",
    tools: ["sgdisk", "mkfs.vfat", "mmd", "mkfs.ext4", "qemu-img"],
    script: `${LINUX_GEN2}\nvhd`,
  },
  {
    name: "linux-gen2-arm64",
    role: "os",
    system: "Linux",
    tools: ["sgdisk", "mkfs.vfat", "mmd", "mkfs.ext4", "qemu-img"],
    script: [
      "truncate -s 128M disk",
      "sgdisk -n 1:2048:+40M -t 1:ef00 -n 2:0:0 -t 2:8305 disk",
      "esp 40M BOOTAA64.EFI; place esp.fs 2048",
      "truncate -s 86M root.fs; mkfs.ext4 -q root.fs; place root.fs 83968",
      "vhd",
    ].join("\n"),
  },
  {
    name: "linux-gen2-btrfs",
    role: "os",
    system: "Linux",
    tools: ["parted", "mkfs.vfat", "mmd", "mkfs.btrfs", "qemu-img"],
    script: [
      "truncate -s 192M disk",
      "parted -s disk mklabel gpt mkpart EFI fat32 1MiB 41MiB set 1 esp on mkpart system btrfs 41MiB 100%",
      "esp 40M BOOTX64.EFI; place esp.fs 2048",
      "truncate -s 150M root.fs; mkfs.btrfs -q -L system root.fs; place root.fs 83968",
      "vhd",
    ].join("\n"),
  },
  {
    name: "linux-gen2-luks",
    role: "os",
    system: "Linux",
    tools: ["sfdisk", "mkfs.vfat", "mmd", "cryptsetup", "qemu-img"],
    script: [
      "truncate -s 96M disk",
      "printf 'label: gpt\\nstart=2048, size=40MiB, type=U, name=esp\\nstart=83968, type=L, name=crypt\\n' | sfdisk -q disk",
      "esp 40M BOOTX64.EFI; place esp.fs 2048",
      // A short key: its split form is random, so it does not compress.
      "truncate -s 32M crypt.fs; printf secret | cryptsetup luksFormat -q --type luks2 --cipher aes-cbc-essiv:sha256 --key-size 128 --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --luks2-metadata-size 16k --luks2-keyslots-size 128k crypt.fs -",
      "place crypt.fs 83968",
      "vhd",
    ].join("\n"),
  },
  {
    name: "linux-hybrid-grub",
    role: "os",
    system: "Linux",
    tools: ["sgdisk", "grub-mkimage", "mkfs.vfat", "mmd", "mkfs.xfs", "qemu-img"],
    script: [
      "truncate -s 360M disk",
      "sgdisk -n 14:2048:+1M -t 14:ef02 -n 15:0:+40M -t 15:ef00 -n 1:0:0 -t 1:8300 disk",
      `${GRUB_CORE}; ${GRUB_SECTOR_0}; place core.img 2048`,
      "esp 40M BOOTX64.EFI ubuntu; place esp.fs 4096",
      "truncate -s 316M root.fs; mkfs.xfs -q -L root root.fs; place root.fs 86016",
      "vhd",
    ].join("\n"),
  },
  {
    name: "linux-gen2-hybrid-mbr",
    role: "os",
    system: "Linux",
    tools: ["sgdisk", "mkfs.vfat", "mmd", "mkfs.ext4", "qemu-img"],
    script: [
      "truncate -s 128M disk",
      "sgdisk -n 1:2048:+40M -t 1:ef00 -n 2:0:0 -t 2:8300 disk; sgdisk -h 2 disk",
      `${GRUB_SECTOR_0}`,
      "esp 40M BOOTX64.EFI; place esp.fs 2048",
      "truncate -s 86M root.fs; mkfs.ext4 -q root.fs; place root.fs 83968",
      "vhd",
    ].join("\n"),
  },
  {
    name: "linux-gen1-gpt",
    role: "os",
    system: "Linux",
    tools: ["sgdisk", "grub-mkimage", "mkfs.ext4", "qemu-img"],
    script: [
      "truncate -s 96M disk",
      "sgdisk -n 1:2048:+1M -t 1:ef02 -n 2:0:0 -t 2:8300 disk",
      `${GRUB_CORE}; ${GRUB_SECTOR_0}; place core.img 2048`,
      "truncate -s 92M root.fs; mkfs.ext4 -q -L root root.fs; place root.fs 4096",
      "vhd",
    ].join("\n"),
  },
  {
    name: "linux-gen1-extended",
    role: "os",
    system: "Linux",
    tools: ["sfdisk", "grub-mkimage", "mkfs.ext4", "mkswap", "qemu-img"],
    script: [
      "truncate -s 128M disk",
      "printf 'label: dos\\nstart=2048, size=64MiB, type=83, bootable\\nstart=133120, type=5\\nsize=16MiB, type=82\\nsize=16MiB, type=83\\n' | sfdisk -q disk",
      `${GRUB_CORE}; ${GRUB_SECTOR_0}; place core.img 1`,
      "truncate -s 64M root.fs; mkfs.ext4 -q -L root root.fs; place root.fs 2048",
      "truncate -s 16M swap.fs; mkswap -q -L swap swap.fs; place swap.fs 135168",
      "vhd",
    ].join("\n"),
  },
  {
    name: "linux-gen1-lvm",
    role: "os",
    system: "Linux",
    tools: ["parted", "grub-mkimage", "mkfs.ext4", "lvm", "qemu-img"],
    needsLoop: true,
    script: [
      "truncate -s 128M disk",
      "parted -s disk mklabel msdos mkpart primary ext4 1MiB 33MiB set 1 boot on mkpart primary 33MiB 100% set 2 lvm on",
      `${GRUB_CORE}; ${GRUB_SECTOR_0}; place core.img 1`,
      "truncate -s 32M boot.fs; mkfs.ext2 -q -L boot boot.fs; place boot.fs 2048",
      "truncate -s 95M pv.fs; loop=$(losetup --find --show pv.fs); trap 'losetup -d $loop' EXIT",
      "pvcreate -q --yes $loop; losetup -d $loop; trap - EXIT",
      "place pv.fs 67584",
      "vhd",
    ].join("\n"),
  },
];
