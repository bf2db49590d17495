import type { DiskRecipe } from "./recipe.ts";

interface Volume {
  readonly name: string;
  /** The command that makes it; the file is `disk` or `v.fs`, as `$1`. */
  readonly make: string;
  readonly size: string;
  readonly tools: readonly string[];
  /** Absent where it knows less than is found here, or another version more. */
  readonly blkid?: { readonly type: string; readonly label?: string } | null;
}

const VOLUMES: readonly Volume[] = [
  {
    name: "jfs",
    make: 'mkfs.jfs -q -L label "$1"',
    size: "16M",
    tools: ["mkfs.jfs"],
    blkid: { type: "jfs", label: "label" },
  },
  {
    name: "reiserfs",
    make: 'mkfs.reiserfs -q -f -f -l label "$1"',
    size: "40M",
    tools: ["mkfs.reiserfs"],
    blkid: { type: "reiserfs", label: "label" },
  },
  {
    name: "nilfs2",
    make: 'mkfs.nilfs2 -q -L label "$1"',
    size: "130M",
    tools: ["mkfs.nilfs2"],
    blkid: { type: "nilfs2", label: "label" },
  },
  {
    name: "udf",
    make: 'mkudffs --media-type=hd --blocksize=512 -l label "$1" >l',
    size: "16M",
    tools: ["mkudffs"],
    blkid: { type: "udf", label: "label" },
  },
  {
    name: "iso9660",
    make: 'mkdir cd; genisoimage -quiet -V LABEL -o iso cd; dd if=iso of="$1" conv=notrunc status=none',
    size: "4M",
    tools: ["genisoimage"],
    blkid: { type: "iso9660", label: "LABEL" },
  },
  {
    name: "swap-64k",
    make: 'mkswap -q -p 65536 -L label "$1"',
    size: "4M",
    tools: ["mkswap"],
    blkid: { type: "swap", label: "label" },
  },
  {
    name: "swap-16k",
    make: 'mkswap -q -p 16384 -L label "$1"',
    size: "4M",
    tools: ["mkswap"],
    blkid: { type: "swap", label: "label" },
  },
  {
    name: "swap-v0",
    make: 'printf SWAP-SPACE | poke "$1" 4086',
    size: "4M",
    tools: [],
    blkid: { type: "swap" },
  },
  {
    name: "swap-of-other-byte-order",
    make: "mkswap -q -L label \"$1\"; python3 -c \"import sys,struct;f=open(sys.argv[1],'r+b');f.seek(1024);b=f.read(12);f.seek(1024);f.write(struct.pack('>3I',*struct.unpack('<3I',b)))\" \"$1\"",
    size: "4M",
    tools: ["mkswap", "python3"],
    blkid: { type: "swap", label: "label" },
  },
  {
    name: "luks2-second-header",
    make: 'printf secret | cryptsetup luksFormat -q --label crypt --cipher aes-cbc-essiv:sha256 --key-size 128 --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --luks2-metadata-size 16k --luks2-keyslots-size 128k "$1" -; dd if=/dev/zero of="$1" bs=4096 count=4 conv=notrunc status=none; truncate -s 32K "$1"; truncate -s 8M "$1"',
    size: "8M",
    tools: ["cryptsetup"],
    blkid: { type: "crypto_LUKS", label: "crypt" },
  },
  {
    name: "dm-verity",
    make: 'truncate -s 1M data; veritysetup format data hash >l; dd if=hash of="$1" conv=notrunc status=none',
    size: "4M",
    tools: ["veritysetup"],
    blkid: { type: "DM_verity_hash" },
  },
  {
    name: "ocfs2",
    make: 'mkfs.ocfs2 -q -F -M local -L label "$1" >l 2>&1',
    size: "96M",
    tools: ["mkfs.ocfs2"],
    blkid: { type: "ocfs2", label: "label" },
  },
  {
    name: "gfs2",
    make: 'mkfs.gfs2 -q -O -J 8 -p lock_nolock "$1" >l',
    size: "64M",
    tools: ["mkfs.gfs2"],
    blkid: { type: "gfs2" },
  },
  {
    name: "cramfs",
    make: 'mkdir tree; echo a >tree/a; mkfs.cramfs -n label tree c; dd if=c of="$1" conv=notrunc status=none',
    size: "4M",
    tools: ["mkfs.cramfs"],
    blkid: { type: "cramfs", label: "label" },
  },
  {
    name: "xfs-v4",
    make: 'mkfs.xfs -q -m crc=0 -L label "$1" 2>l',
    size: "300M",
    tools: ["mkfs.xfs"],
    blkid: { type: "xfs", label: "label" },
  },
  {
    name: "ext2-revision-0",
    make: 'mkfs.ext2 -q -r 0 -L label "$1" 2>l',
    size: "8M",
    tools: ["mkfs.ext2"],
    blkid: { type: "ext2", label: "label" },
  },
  {
    name: "ufs1",
    make: 'mkdir -p tree; makefs -t ffs -s 4m -o version=1 u tree >l; dd if=u of="$1" conv=notrunc status=none',
    size: "4M",
    tools: ["makefs"],
    blkid: { type: "ufs" },
  },
  {
    name: "ufs2-big-endian",
    make: 'mkdir -p tree; makefs -B be -t ffs -s 4m -o version=2 u tree >l; dd if=u of="$1" conv=notrunc status=none',
    size: "4M",
    tools: ["makefs"],
    blkid: { type: "ufs" },
  },
  {
    name: "apfs-container",
    make: 'mkapfs -L label "$1" >l 2>&1',
    size: "600M",
    tools: ["mkapfs"],
    blkid: { type: "apfs" },
  },
  {
    name: "hfs",
    make: 'hformat -l label "$1" >l',
    size: "4M",
    tools: ["hformat"],
    blkid: { type: "hfs", label: "label" },
  },
  {
    name: "md-0.90",
    make: 'md "$1" 0 $(($(stat -c %s "$1") / 512)) 0.90',
    size: "4M",
    tools: ["python3"],
    blkid: { type: "linux_raid_member" },
  },
  {
    name: "md-1.0",
    make: 'mkfs.ext4 -q "$1" 3M; md "$1" 0 $(($(stat -c %s "$1") / 512)) 1.0',
    size: "4M",
    tools: ["mkfs.ext4", "python3"],
    blkid: { type: "linux_raid_member", label: "host:0" },
  },
  {
    name: "md-1.1",
    make: 'md "$1" 0 $(($(stat -c %s "$1") / 512)) 1.1',
    size: "4M",
    tools: ["python3"],
    blkid: { type: "linux_raid_member", label: "host:0" },
  },
  {
    name: "xfs",
    make: 'mkfs.xfs -q -L label "$1"',
    size: "300M",
    tools: ["mkfs.xfs"],
    blkid: { type: "xfs", label: "label" },
  },
  {
    name: "btrfs",
    make: 'mkfs.btrfs -q -L label "$1"',
    size: "128M",
    tools: ["mkfs.btrfs"],
    blkid: { type: "btrfs", label: "label" },
  },
  {
    name: "ext3",
    make: 'mkfs.ext3 -q -L "größe" "$1"',
    size: "8M",
    tools: ["mkfs.ext3"],
    blkid: { type: "ext3", label: "größe" },
  },
  {
    name: "exfat",
    make: 'mkfs.exfat -L Data "$1" >l',
    size: "8M",
    tools: ["mkfs.exfat"],
    blkid: { type: "exfat", label: "Data" },
  },
  {
    name: "f2fs",
    make: 'mkfs.f2fs -q -l flash "$1"',
    size: "64M",
    tools: ["mkfs.f2fs"],
    blkid: { type: "f2fs", label: "flash" },
  },
  {
    name: "fat-label-in-root",
    make: 'mkfs.vfat -F 16 -n BOOTNAME "$1" >l; mlabel -i "$1" ::ROOTNAME; printf "BOOTNAME   " | poke "$1" 43',
    size: "16M",
    tools: ["mkfs.vfat", "mlabel"],
    blkid: { type: "vfat", label: "ROOTNAME" },
  },
  {
    name: "fat-label-code-page",
    make: 'mkfs.vfat -F 16 -n GRUN "$1" >l; printf "GR\\232N" | poke "$1" 43; mlabel -i "$1" ::X; mdel -i "$1" ::X 2>l || :; python3 -c "import sys;p=sys.argv[1];b=bytearray(open(p,\'rb\').read());i=b.find(b\'X          \\x08\');b[i:i+11]=b\'GR\\x9aN       \';open(p,\'wb\').write(b)" "$1"',
    size: "16M",
    tools: ["mkfs.vfat", "mlabel", "python3"],
    blkid: { type: "vfat", label: "GR\\x9aN" },
  },
  {
    name: "ufs2",
    make: 'printf "\\031\\001\\124\\031" | poke "$1" $((65536 + 1372))',
    size: "4M",
    tools: [],
    blkid: { type: "ufs" },
  },
  {
    name: "zfs",
    make: 'for i in 0 1 2 3 4 5; do for label in 0 262144; do printf "\\014\\261\\272" | poke "$1" $((label + 131072 + i * 1024)); done; done',
    // As small as ZFS takes, and blkid believes.
    size: "64M",
    tools: [],
    blkid: { type: "zfs_member" },
  },
  {
    name: "vmfs",
    make: 'printf "\\015\\320\\001\\300" | poke "$1" 1048576',
    size: "4M",
    tools: [],
    blkid: { type: "VMFS_volume_member" },
  },
  {
    name: "apfs",
    make: 'printf "\\0\\020\\0\\0" | poke "$1" 36; printf NXSB | poke "$1" 32; printf "\\001\\0\\0\\0\\0\\0\\0\\0" | poke "$1" 8; printf "\\001\\0\\0\\200" | poke "$1" 24',
    size: "4M",
    tools: [],
  },
  {
    name: "openbsd",
    make: 'printf "WEV\\202" | poke "$1" 512; printf "WEV\\202" | poke "$1" 644',
    size: "4M",
    tools: [],
  },
  {
    name: "ext4-broken-checksum",
    make: 'mkfs.ext4 -q "$1"; printf X | poke "$1" $((1024 + 200))',
    size: "8M",
    tools: ["mkfs.ext4"],
    blkid: { type: "ext4" },
  },
  {
    name: "fat32-over-ext4",
    make: 'mkfs.ext4 -q "$1"; mkfs.vfat -F 32 -n FAT "$1" >l',
    size: "40M",
    tools: ["mkfs.ext4", "mkfs.vfat"],
    blkid: { type: "vfat", label: "FAT" },
  },
];

/** A volume on the whole disk, as data disks are, and the same in a partition that says nothing of it. */
const placed = VOLUMES.flatMap(({ name, make, size, tools, blkid }): readonly DiskRecipe[] => [
  {
    name: `volume-${name}`,
    role: "data",
    tools: [...tools, "qemu-img"],
    ...(blkid !== undefined && { blkid: { 0: blkid } }),
    script: `make() { ${make}; }\ntruncate -s ${size} disk; make disk\nvhd`,
  },
  {
    name: `partition-${name}`,
    role: "data",
    tools: [...tools, "sgdisk", "qemu-img"],
    ...(blkid !== undefined && { blkid: { 2048: blkid } }),
    gptProblems: 0,
    script: [
      `make() { ${make}; }`,
      `truncate -s ${size} v.fs; make v.fs`,
      `truncate -s ${size} disk; truncate -s +2M disk; sgdisk -n 1:2048:+${size} -t 1:0700 disk >gpt.log`,
      "place v.fs 2048\nvhd",
    ].join("\n"),
  },
]);

/** Volumes and file systems as blkid knows them. */
export const VOLUME_RECIPES: readonly DiskRecipe[] = [
  ...placed,
  {
    name: "data-whole-lvm",
    role: "data",
    tools: ["lvm", "qemu-img"],
    needsLoop: true,
    blkid: { 0: { type: "LVM2_member" } },
    script: [
      "truncate -s 16M disk; loop=$(losetup --find --show disk); trap 'losetup -d $loop' EXIT",
      "pvcreate -q --yes $loop; losetup -d $loop; trap - EXIT",
      "vhd",
    ].join("\n"),
  },
  {
    name: "data-fat-over-gpt",
    role: "data",
    tools: ["sgdisk", "mkfs.vfat", "mkfs.ext4", "qemu-img"],
    blkid: { 0: { type: "vfat", label: "DATA" } },
    script: [
      "truncate -s 64M disk; sgdisk -n 1:2048:0 -t 1:8300 disk >gpt.log",
      "truncate -s 60M e.fs; mkfs.ext4 -q e.fs; place e.fs 2048",
      "mkfs.vfat -F 32 -n DATA -I disk >fat.log",
      "vhd",
    ].join("\n"),
  },
];
