/** How a disk is made with real tools, and what it is to be inspected as. */
export interface DiskRecipe {
  readonly name: string;
  readonly role: "os" | "data";
  /** Commands whose versions are kept with the fixture; without one of them the disk cannot be made. */
  readonly tools: readonly string[];
  /** Bash, run in an empty folder with the functions of {@link PRELUDE}; it leaves `out`. */
  readonly script: string;
  /**
   * What firmware does with it, as tried with SeaBIOS and OVMF: `npm run test:boot` repeats it. The
   * loaders of these disks write BOOT-BIOS-OK or their name, and BOOT-UEFI-OK, to the serial port.
   */
  readonly starts?: { readonly bios: boolean; readonly uefi: boolean };
  /** The system on it, as Azure counts them; `null` where there is none. */
  readonly system?: "Windows" | "Linux" | null;
  /**
   * What blkid calls what is there, by the first sector of the partition (0: the whole disk); `null`:
   * nothing. The tests compare it with what is recognised, and ask blkid itself where it is installed.
   */
  readonly blkid?: Readonly<
    Record<number, { readonly type: string; readonly label?: string } | null>
  >;
  /** Problems that `sgdisk -v` names; absent where there is no GPT. */
  readonly gptProblems?: number;
  /** A loop device has to be attached, which takes root and a kernel that has them. */
  readonly needsLoop?: true;
}

/**
 * `place FILE SECTOR` writes a partition's content onto `disk`; `vhd` makes a fixed VHD of `disk`.
 * File systems are made in files of their own: no loop device, no mount.
 */
export const PRELUDE = `
G=/usr/lib/grub/i386-pc
number() { printf "$(printf '%016x' "$1" | sed 's/../\\\\x&/g' | sed -E 's/(....)(....)(....)(....)(....)(....)(....)(....)/\\8\\7\\6\\5\\4\\3\\2\\1/')"; }
poke() { dd of="$1" bs=1 seek="$2" conv=notrunc status=none; }
bootcode() { dd if="$1" of=disk bs=440 count=1 conv=notrunc status=none; printf '\\125\\252' | poke disk 510; }
grub() {
  printf 'serial --unit=0 --speed=115200\nterminal_output serial\necho BOOT-BIOS-OK\nhalt\n' >grub.cfg
  grub-mkimage -O i386-pc -d $G -p /boot/grub -c grub.cfg -o core.img biosdisk serial terminal echo halt
  bootcode $G/boot.img; number "$1" | poke disk 92
  number $(($1 + 1)) | poke core.img 500; place core.img "$1"
}
# A member of Linux' RAID as mdadm writes it, which needs the kernel for that: md FILE START SECTORS VERSION
md() {
  python3 - "$@" <<'END'
import struct, sys
path, start, sectors, version = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
size = sectors * 512
if version == '0.90':
    at, block = size // 65536 * 65536 - 65536, bytearray(4096)
    struct.pack_into('<11I', block, 0, 0xa92b4efc, 0, 90, 0, 0, 0x11111111, 0, 1, at // 1024, 1, 2)
    struct.pack_into('<3I', block, 52, 0x22222222, 0x33333333, 0x44444444)
    sums = 152
else:
    at = {'1.0': (sectors - 16) // 8 * 8 * 512, '1.1': 0, '1.2': 4096}[version]
    block = bytearray(256)
    struct.pack_into('<4I16s32s', block, 0, 0xa92b4efc, 1, 0, 0, bytes(range(1, 17)), b'host:0')
    struct.pack_into('<QiIQII', block, 64, 0, 1, 0, sectors - 2048, 0, 2)
    struct.pack_into('<QQQ', block, 128, 0 if version == '1.0' else 2048, sectors - 2048, at // 512)
    sums = 216
total = sum(struct.unpack('<%dI' % (len(block) // 4), block))
struct.pack_into('<I', block, sums, (total + (total >> 32)) & 0xffffffff)
with open(path, 'r+b') as disk:
    disk.seek(start * 512 + at)
    disk.write(block)
END
}
loader() { base64 -d <<<"$LOADER" | gunzip >loader.efi; }
fat() {
  truncate -s "$2" "$1"; mkfs.vfat -n EFI \${3:--F 32} "$1" >fat.log; loader
  mmd -i "$1" ::/EFI ::/EFI/BOOT; mcopy -i "$1" loader.efi ::/EFI/BOOT/BOOTX64.EFI
}
# A program for UEFI that writes BOOT-UEFI-OK: one call of ConOut->OutputString, 1 KiB, gzip, base64.
LOADER=H4sIAAAAAAACA/ONYiAbOABxgCsDQ0obI4r4BwYlBm4mIIMJSVAAihkYEXwmLIYqIMS5iHSHAMPAA72S1IoSIG2E7DcmDK8lMAwy4NH8RsOj28vBo1eUFcj9H8jx+p8Tgz8QhjDoMoQyuDK4MXgCWf4M3gy8RMfIKBgqAADNy6UGAAQAAA==
place() { dd if="$1" of=disk bs=64K seek=$(($2 * 512)) oflag=seek_bytes conv=notrunc,sparse status=none; }
vhd() { qemu-img convert -f raw -O vpc -o subformat=fixed,force_size disk out; }
esp() {
  truncate -s "$1" esp.fs; mkfs.vfat -F 32 -n EFI esp.fs >esp.log
  mmd -i esp.fs ::/EFI ::/EFI/BOOT \${3:+"::/EFI/$3"}
  printf MZ >loader.efi; mcopy -i esp.fs loader.efi "::/EFI/BOOT/$2"
}
`;
