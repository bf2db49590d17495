import type { DiskRecipe } from "./recipes/recipe.ts";

/** A Debian that its own packages were installed on, and that was started afterwards. */
export interface DebianSystem
  extends Required<Pick<DiskRecipe, "name" | "role" | "system" | "blkid" | "starts">> {
  readonly fileSystem: "ext4" | "xfs" | "btrfs";
  /** MiB from the start of the disk to the root file system, and MiB that this has. */
  readonly root: { readonly start: number; readonly size: number };
  /** Bash that divides `disk`. */
  readonly divide: string;
  /** What its first start runs as root, to install the loader: shell, with the disk as /dev/sda. */
  readonly install: string;
}

/** MiB of every disk. */
export const DISK_MIB = 1200;
/** Packages, on top of the smallest Debian: all file systems and all loaders. */
export const PACKAGES: readonly string[] = [
  "linux-image-cloud-amd64",
  "systemd-sysv",
  "udev",
  "kmod",
  "initramfs-tools",
  "e2fsprogs",
  "xfsprogs",
  "btrfs-progs",
  "dosfstools",
  "grub-pc-bin",
  "grub-efi-amd64-bin",
  "grub2-common",
  "systemd-boot",
];

const ESP =
  "modprobe -a vfat nls_cp437 nls_ascii; mkdir -p /boot/efi; mount -t vfat /dev/sda15 /boot/efi";
const GRUB_PC = "grub-install --target=i386-pc /dev/sda";
/** With a copy as \EFI\BOOT\BOOTX64.EFI, as Debian's images for clouds have it. */
const GRUB_EFI =
  "grub-install --target=x86_64-efi --efi-directory=/boot/efi --no-nvram --force-extra-removable";
const makeEsp = (mib: number): string =>
  `truncate -s ${mib}M esp.fs; mkfs.vfat -F 32 -n EFI esp.fs >esp.log; place esp.fs 4096`;

/** One of each way to start. */
export const DEBIAN_SYSTEMS: readonly DebianSystem[] = [
  {
    name: "debian-bios-ext4",
    role: "os",
    system: "Linux",
    fileSystem: "ext4",
    root: { start: 1, size: 1190 },
    blkid: { 2048: { type: "ext4", label: "root" } },
    starts: { bios: true, uefi: false },
    divide: "printf 'label: dos\\nstart=2048, type=83, bootable\\n' | sfdisk -q disk",
    install: `${GRUB_PC}; update-grub`,
  },
  {
    name: "debian-both-xfs",
    role: "os",
    system: "Linux",
    fileSystem: "xfs",
    root: { start: 51, size: 1140 },
    blkid: { 4096: { type: "vfat", label: "EFI" }, 104448: { type: "xfs", label: "root" } },
    starts: { bios: true, uefi: true },
    divide: `sgdisk -n 14:2048:+1M -t 14:ef02 -n 15:4096:+48M -t 15:ef00 -n 1:104448:0 -t 1:8304 disk >gpt.log; ${makeEsp(48)}`,
    install: `${GRUB_PC}; ${ESP}; ${GRUB_EFI}; update-grub; umount /boot/efi`,
  },
  {
    name: "debian-uefi-btrfs",
    role: "os",
    system: "Linux",
    fileSystem: "btrfs",
    root: { start: 51, size: 1140 },
    blkid: { 4096: { type: "vfat", label: "EFI" }, 104448: { type: "btrfs", label: "root" } },
    starts: { bios: false, uefi: true },
    divide: `sgdisk -n 15:4096:+48M -t 15:ef00 -n 1:104448:0 -t 1:8300 disk >gpt.log; ${makeEsp(48)}`,
    install: `${ESP}; ${GRUB_EFI}; update-grub; umount /boot/efi`,
  },
  {
    name: "debian-systemd-boot",
    role: "os",
    system: "Linux",
    fileSystem: "ext4",
    root: { start: 100, size: 1090 },
    blkid: { 4096: { type: "vfat", label: "EFI" }, 204800: { type: "ext4", label: "root" } },
    starts: { bios: false, uefi: true },
    divide: `sgdisk -n 15:4096:+96M -t 15:ef00 -n 1:204800:0 -t 1:8304 disk >gpt.log; ${makeEsp(96)}`,
    install: [
      ESP,
      "echo 'console=ttyS0 root=/dev/sda1 init=/sbin/disk-init' >/etc/kernel/cmdline",
      "SYSTEMD_RELAX_ESP_CHECKS=1 bootctl install --no-variables --esp-path=/boot/efi --make-entry-directory=yes",
      "K=$(uname -r); kernel-install add $K /boot/vmlinuz-$K /boot/initrd.img-$K; umount /boot/efi",
    ].join("; "),
  },
];
