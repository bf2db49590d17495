import type { DiskRecipe } from "./recipe.ts";

const EFI_TOOLS = ["mkfs.vfat", "mmd", "qemu-img"] as const;
/** An ISO image with a FAT for UEFI in its boot catalogue, as `iso`. */
const ISO = [
  "fat efi.img 4M '-F 12'; mkdir cd; cp efi.img cd",
  "xorriso -as mkisofs -quiet -o iso -e efi.img -no-emul-boot cd 2>iso.log",
].join("\n");
/** An MBR with GRUB, ext4, and a partition of another type that holds what `inner` is. */
const GRUB_AND_INNER = [
  "truncate -s 80M disk",
  "printf 'label: dos\\nstart=2048, size=20MiB, type=83, bootable\\nstart=43008, size=39MiB, type=da\\n' | sfdisk -q disk",
  "grub 1; truncate -s 20M root.fs; mkfs.ext4 -q root.fs; place root.fs 2048; place inner 43008",
  "vhd",
].join("\n");
const SYSLINUX_FAT = (file: string): string =>
  [
    `mkfs.vfat -F 16 ${file} >s.log; syslinux -i ${file}`,
    `printf 'SERIAL 0 115200\\nSAY BOOT-BIOS-OK\\nPROMPT 1\\n' >syslinux.cfg; mcopy -i ${file} syslinux.cfg ::/`,
  ].join("\n");
const ESP_DISK = (...options: readonly string[]): string =>
  `truncate -s 48M disk; sgdisk ${options.join(" ")} -n 1:4096:+34M -t 1:ef00 disk >gpt.log; fat esp.fs 34M; place esp.fs 4096`;

/** Disks in disks, CDs, and tables that firmware takes in its own way: found with OVMF and SeaBIOS. */
export const NESTED_RECIPES: readonly DiskRecipe[] = [
  {
    name: "boot-gpt-in-a-partition",
    role: "os",
    system: "Linux",
    tools: ["sfdisk", "sgdisk", "grub-mkimage", "mkfs.ext4", ...EFI_TOOLS],
    starts: { bios: true, uefi: true },
    script: [
      "truncate -s 38M disk; sgdisk -n 1:2048:+36M -t 1:ef00 disk >gpt.log",
      "fat esp.fs 36M; place esp.fs 2048; mv disk inner",
      GRUB_AND_INNER,
    ].join("\n"),
  },
  {
    name: "boot-mbr-in-a-partition",
    role: "os",
    system: "Linux",
    tools: ["sfdisk", "grub-mkimage", "mkfs.ext4", ...EFI_TOOLS],
    starts: { bios: true, uefi: true },
    script: [
      "truncate -s 38M disk; printf 'label: dos\\nstart=2048, size=36MiB, type=c\\n' | sfdisk -q disk",
      "fat esp.fs 36M; place esp.fs 2048; mv disk inner",
      GRUB_AND_INNER,
    ].join("\n"),
  },
  {
    name: "boot-cd-in-a-partition",
    role: "os",
    system: "Linux",
    tools: ["sgdisk", "grub-mkimage", "xorriso", ...EFI_TOOLS],
    starts: { bios: true, uefi: true },
    gptProblems: 0,
    blkid: { 4096: { type: "iso9660", label: "ISOIMAGE" } },
    script: [
      ISO,
      "truncate -s 48M disk; sgdisk -n 1:2048:+1M -t 1:ef02 -n 2:4096:+30M -t 2:8300 disk >gpt.log",
      "grub 2048; place iso 4096",
      "vhd",
    ].join("\n"),
  },
  {
    name: "boot-el-torito",
    role: "os",
    system: null,
    tools: ["xorriso", ...EFI_TOOLS],
    starts: { bios: false, uefi: true },
    blkid: { 0: { type: "iso9660", label: "ISOIMAGE" } },
    script: [ISO, "cp iso disk; truncate -s 16M disk", "vhd"].join("\n"),
  },
  {
    name: "boot-misplaced-protection",
    role: "os",
    system: "Linux",
    tools: ["sgdisk", "mkfs.ext4", ...EFI_TOOLS],
    starts: { bios: false, uefi: true },
    script: [
      "truncate -s 96M disk; sgdisk -n 1:2048:+34M -t 1:ef00 -n 2:0:0 -t 2:8300 disk >gpt.log",
      "fat esp.fs 34M; place esp.fs 2048; truncate -s 60M root.fs; mkfs.ext4 -q root.fs; place root.fs 71680",
      // FAT32 from 2048 on, and the protective entry after it.
      "printf '\\0\\0\\0\\0\\014\\0\\0\\0\\000\\010\\0\\0\\000\\020\\001\\0\\0\\0\\0\\0\\356\\0\\0\\0\\000\\030\\001\\0\\000\\020\\0\\0' | poke disk 446",
      "vhd",
    ].join("\n"),
  },
  {
    name: "boot-syslinux-by-number",
    role: "os",
    system: "Linux",
    tools: ["sfdisk", "syslinux", "mcopy", "mkfs.vfat", "qemu-img"],
    starts: { bios: true, uefi: false },
    script: [
      "truncate -s 48M disk; printf 'label: dos\\nstart=2048, size=4MiB, type=83\\nstart=10240, size=40MiB, type=e\\n' | sfdisk -q disk",
      "bootcode /usr/lib/syslinux/mbr/altmbr.bin; printf '\\002' | poke disk 439",
      `truncate -s 40M s.fs\n${SYSLINUX_FAT("s.fs")}`,
      "place s.fs 10240; number 10240 | head -c 4 | poke disk $((10240 * 512 + 28))",
      "vhd",
    ].join("\n"),
  },
  {
    name: "boot-syslinux-without-a-table",
    role: "os",
    system: "Linux",
    tools: ["syslinux", "mcopy", "mkfs.vfat", "qemu-img"],
    starts: { bios: true, uefi: false },
    blkid: { 0: { type: "vfat" } },
    script: `truncate -s 40M disk\n${SYSLINUX_FAT("disk")}\nvhd`,
  },
  {
    name: "boot-2048-entries",
    role: "os",
    system: null,
    tools: ["sgdisk", ...EFI_TOOLS],
    starts: { bios: false, uefi: true },
    gptProblems: 0,
    script: `${ESP_DISK("-S 2048")}\nvhd`,
  },
  {
    name: "boot-512-entries-damaged",
    role: "os",
    system: null,
    tools: ["sgdisk", ...EFI_TOOLS],
    starts: { bios: false, uefi: true },
    script: `${ESP_DISK("-S 512")}\ndd if=/dev/zero of=disk bs=512 seek=2 count=1 conv=notrunc status=none\nvhd`,
  },
  {
    name: "boot-mbr-entry-beyond-the-end",
    role: "os",
    system: null,
    tools: ["sfdisk", ...EFI_TOOLS],
    starts: { bios: false, uefi: false },
    script: [
      "truncate -s 64M disk; printf 'label: dos\\nstart=2048, size=40MiB, type=c\\nstart=90000, size=10MiB, type=83\\n' | sfdisk -q disk",
      "fat esp.fs 40M; place esp.fs 2048; printf '\\0\\0\\001\\001' | poke disk 474",
      "vhd",
    ].join("\n"),
  },
  {
    name: "boot-no-block-io",
    role: "os",
    system: null,
    tools: ["sgdisk", ...EFI_TOOLS],
    starts: { bios: false, uefi: false },
    gptProblems: 0,
    script: `${ESP_DISK()}\nsgdisk -A 1:set:1 disk >gpt.log\nvhd`,
  },
  {
    name: "boot-before-the-usable-sectors",
    role: "os",
    system: null,
    tools: ["sgdisk", "python3", ...EFI_TOOLS],
    starts: { bios: false, uefi: false },
    script: [
      ESP_DISK(),
      // The first sector for partitions is set behind the partition, in both headers.
      "python3 - <<'END'",
      "import struct, zlib",
      "with open('disk', 'r+b') as disk:",
      "    for sector in (1, 48 * 2048 - 1):",
      "        disk.seek(sector * 512); header = bytearray(disk.read(92))",
      "        struct.pack_into('<Q', header, 40, 80000); struct.pack_into('<I', header, 16, 0)",
      "        struct.pack_into('<I', header, 16, zlib.crc32(header))",
      "        disk.seek(sector * 512); disk.write(header)",
      "END",
      "vhd",
    ].join("\n"),
  },
  {
    name: "boot-fat-of-4096-byte-sectors",
    role: "os",
    system: null,
    tools: ["sgdisk", ...EFI_TOOLS],
    starts: { bios: false, uefi: true },
    gptProblems: 0,
    script: [
      "truncate -s 400M disk; sgdisk -n 1:2048:+390M -t 1:ef00 disk >gpt.log",
      "fat esp.fs 390M '-F 32 -S 4096 -s 1'; place esp.fs 2048",
      "vhd",
    ].join("\n"),
  },
  {
    name: "boot-live-system-beside-windows-data",
    role: "os",
    system: "Linux",
    tools: ["sgdisk", "mkfs.ntfs", ...EFI_TOOLS],
    starts: { bios: false, uefi: true },
    gptProblems: 0,
    script: [
      // As Windows divides a disk for data: a live system was copied onto one of its partitions.
      "truncate -s 80M disk; sgdisk -n 1:2048:+16M -t 1:0c01 -n 2:0:+34M -t 2:0700 -n 3:0:0 -t 3:0700 disk >gpt.log",
      "fat esp.fs 34M; mmd -i esp.fs ::/live; place esp.fs 34816",
      "truncate -s 28M n.fs; mkfs.ntfs -q -F -Q n.fs; place n.fs 104448",
      "vhd",
    ].join("\n"),
  },
];
