import type { DiskRecipe } from "./recipe.ts";

/** What Windows Setup lays out; of its own boot code and loader only the messages are there. */
export const WINDOWS_RECIPES: readonly DiskRecipe[] = [
  {
    name: "windows-gen2",
    role: "os",
    system: "Windows",
    tools: ["sgdisk", "mkfs.vfat", "mmd", "mkfs.ntfs", "qemu-img"],
    script: [
      "truncate -s 192M disk",
      "sgdisk -n 1:2048:+40M -t 1:ef00 -c '1:EFI system partition' -n 2:0:+16M -t 2:0c01 -c '2:Microsoft reserved partition' -n 3:0:+100M -t 3:0700 -c '3:Basic data partition' -n 4:0:0 -t 4:2700 disk",
      "esp 40M BOOTX64.EFI Microsoft; place esp.fs 2048",
      "truncate -s 100M c.fs; mkfs.ntfs -q -F -Q -L Windows c.fs; place c.fs 116736",
      "truncate -s 30M r.fs; mkfs.ntfs -q -F -Q -L Recovery r.fs; place r.fs 321536",
      "vhd",
    ].join("\n"),
  },
  {
    name: "windows-gen1",
    role: "os",
    system: "Windows",
    tools: ["sfdisk", "mkfs.ntfs", "qemu-img"],
    script: [
      "truncate -s 128M disk",
      "printf 'Invalid partition table\\0Error loading operating system\\0Missing operating system' | dd of=disk bs=1 seek=355 conv=notrunc status=none",
      "printf 'label: dos\\nstart=2048, size=32MiB, type=7, bootable\\ntype=7\\n' | sfdisk -q disk",
      "truncate -s 32M s.fs; mkfs.ntfs -q -F -Q -p 2048 -L 'System Reserved' s.fs",
      "printf 'BOOTMGR is missing' | dd of=s.fs bs=1 seek=400 conv=notrunc status=none; place s.fs 2048",
      "truncate -s 94M c.fs; mkfs.ntfs -q -F -Q -p 67584 -L Windows c.fs; place c.fs 67584",
      "vhd",
    ].join("\n"),
  },
  {
    name: "dual-boot",
    role: "os",
    system: null,
    tools: ["sgdisk", "mkfs.vfat", "mmd", "mkfs.ntfs", "mkfs.ext4", "qemu-img"],
    script: [
      "truncate -s 160M disk",
      "sgdisk -n 1:2048:+40M -t 1:ef00 -n 2:0:+60M -t 2:0700 -n 3:0:0 -t 3:8300 disk",
      "esp 40M BOOTX64.EFI Microsoft; place esp.fs 2048",
      "truncate -s 60M c.fs; mkfs.ntfs -q -F -Q c.fs; place c.fs 83968",
      "truncate -s 56M l.fs; mkfs.ext4 -q l.fs; place l.fs 206848",
      "vhd",
    ].join("\n"),
  },
];
