/** A disk that is one ext4 file system, without a partition table. */
export const EXT4_DISK = "truncate -s 64M disk; mkfs.ext4 -q -L data disk";

/** A disk that starts Linux by UEFI. */
export const LINUX_GEN2 = [
  "truncate -s 128M disk",
  "sgdisk -n 1:2048:+40M -t 1:ef00 -c 1:ESP -n 2:0:0 -t 2:8304 -c 2:root disk",
  "esp 40M BOOTX64.EFI debian; place esp.fs 2048",
  "truncate -s 86M root.fs; mkfs.ext4 -q -L rootfs root.fs; place root.fs 83968",
].join("\n");
