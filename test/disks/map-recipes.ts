/** A file of one format, made by qemu-img from the disk of {@link MAP_DISK}. */
export interface MapRecipe {
  readonly name: string;
  /** Bash, run where `disk` is; it leaves `out`. */
  readonly script: string;
  /** Format that the map is to report. */
  readonly format: string;
  /** Whether a copy of it is kept for tests without tools. */
  readonly isKept: boolean;
}

/** A disk of 47 MiB and three sectors: GPT, FAT, ext4 with text and a little noise. */
export const MAP_DISK = [
  "truncate -s 49284608 disk",
  "sgdisk -n 1:2048:+12M -t 1:ef00 -n 2:0:0 -t 2:8304 disk >/dev/null",
  "truncate -s 12M fat.fs; mkfs.vfat -n EFI fat.fs >/dev/null",
  "mkdir tree; seq 1 30000 >tree/numbers; head -c 8192 /dev/urandom >tree/noise",
  "truncate -s 32M ext.fs; mkfs.ext4 -q -d tree ext.fs",
  "dd if=fat.fs of=disk bs=64K seek=1M oflag=seek_bytes conv=notrunc,sparse status=none",
  "dd if=ext.fs of=disk bs=64K seek=13M oflag=seek_bytes conv=notrunc,sparse status=none",
].join("\n");

export const MAP_TOOLS: readonly string[] = ["sgdisk", "mkfs.vfat", "mkfs.ext4", "qemu-img"];

function made(
  name: string,
  format: string,
  qemu: string,
  options: string,
  isKept = false,
  more = "",
): MapRecipe {
  const given = options === "" ? "" : ` -o ${options}`;
  const script = `qemu-img convert -f raw -O ${qemu}${given}${more} disk out`;
  return { name, format, script, isKept };
}

const MIB = 1024 * 1024;
const CLUSTERS = [
  "512",
  "1k",
  "2k",
  "4k",
  "8k",
  "16k",
  "32k",
  "64k",
  "128k",
  "256k",
  "512k",
  "1M",
  "2M",
];
const EXTENDED_CLUSTERS = CLUSTERS.filter(
  (size) => !["512", "1k", "2k", "4k", "8k"].includes(size),
);

/** Every format, sub-format, block and cluster size that qemu-img can write and that is one file. */
export const MAP_RECIPES: readonly MapRecipe[] = [
  { name: "raw", format: "raw", script: "cp --sparse=always disk out", isKept: true },
  made("vhd-dynamic", "vhd-dynamic", "vpc", "subformat=dynamic,force_size", true),
  made("vhd-fixed", "vhd-fixed", "vpc", "subformat=fixed,force_size", true),
  {
    name: "vhd-511-byte-footer",
    format: "vhd-fixed",
    script:
      "qemu-img convert -f raw -O vpc -o subformat=fixed,force_size disk out; truncate -s -1 out",
    isKept: false,
  },
  {
    name: "vhd-damaged-footer",
    format: "vhd-fixed",
    script:
      "qemu-img convert -f raw -O vpc -o subformat=fixed,force_size disk out; printf x | dd of=out bs=1 seek=$((49284608 + 70)) conv=notrunc status=none",
    isKept: false,
  },
  ...[1, 2, 4, 8, 16, 32, 64, 128, 256].map((size) =>
    made(`vhdx-${size}m`, "vhdx", "vhdx", `subformat=dynamic,block_size=${size * MIB}`, size === 1),
  ),
  ...["on", "off"].map((zero) =>
    made(`vhdx-zero-${zero}`, "vhdx", "vhdx", `block_state_zero=${zero},block_size=${MIB}`),
  ),
  made("vhdx-fixed", "vhdx", "vhdx", `subformat=fixed,block_size=${MIB}`, true),
  made("vhdx-log-2m", "vhdx", "vhdx", `log_size=${2 * MIB}`),
  made("qcow2-v2", "qcow2", "qcow2", "compat=0.10", true),
  made("qcow2-lazy-refcounts", "qcow2", "qcow2", "lazy_refcounts=on"),
  made("qcow2-preallocated", "qcow2", "qcow2", "preallocation=metadata"),
  made("qcow2-refcount-1", "qcow2", "qcow2", "refcount_bits=1"),
  ...CLUSTERS.flatMap((size) => [
    made(`qcow2-${size}`, "qcow2", "qcow2", `cluster_size=${size}`, size === "64k"),
    made(`qcow2-deflate-${size}`, "qcow2", "qcow2", `cluster_size=${size}`, size === "64k", " -c"),
    made(
      `qcow2-zstd-${size}`,
      "qcow2",
      "qcow2",
      `compression_type=zstd,cluster_size=${size}`,
      size === "16k",
      " -c",
    ),
  ]),
  ...EXTENDED_CLUSTERS.flatMap((size) => [
    made(
      `qcow2-extended-${size}`,
      "qcow2",
      "qcow2",
      `extended_l2=on,cluster_size=${size}`,
      size === "128k",
    ),
    made(
      `qcow2-extended-zstd-${size}`,
      "qcow2",
      "qcow2",
      `extended_l2=on,compression_type=zstd,cluster_size=${size}`,
      false,
      " -c",
    ),
  ]),
  made("vmdk-sparse", "vmdk", "vmdk", "subformat=monolithicSparse", true),
  made("vmdk-sparse-zeroed-grain", "vmdk", "vmdk", "subformat=monolithicSparse,zeroed_grain=on"),
  made("vmdk-sparse-hwversion", "vmdk", "vmdk", "subformat=monolithicSparse,hwversion=14"),
  made("vmdk-stream", "vmdk-stream", "vmdk", "subformat=streamOptimized", true),
  made("vdi-dynamic", "vdi", "vdi", "", true),
  made("vdi-static", "vdi", "vdi", "static=on"),
  {
    name: "ova",
    format: "vmdk-stream",
    script: [
      "qemu-img convert -f raw -O vmdk -o subformat=streamOptimized disk web-disk1.vmdk",
      "echo '<Envelope/>' >web.ovf; echo 'SHA256(web.ovf)= 0' >web.mf",
      "tar -cf out --format=ustar web.ovf web.mf web-disk1.vmdk",
    ].join("\n"),
    isKept: true,
  },
];
