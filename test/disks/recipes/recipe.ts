/** How a disk is made with real tools, and what it is to be inspected as. */
export interface DiskRecipe {
  readonly name: string;
  readonly role: "os" | "data";
  /** Commands whose versions are kept with the fixture; without one of them the disk cannot be made. */
  readonly tools: readonly string[];
  /** Bash, run in an empty folder with the functions of {@link PRELUDE}; it leaves `out`. */
  readonly script: string;
  /** A loop device has to be attached, which takes root and a kernel that has them. */
  readonly needsLoop?: true;
}

/**
 * `place FILE SECTOR` writes a partition's content onto `disk`; `vhd` makes a fixed VHD of `disk`.
 * File systems are made in files of their own: no loop device, no mount.
 */
export const PRELUDE = `
place() { dd if="$1" of=disk bs=512 seek="$2" conv=notrunc,sparse status=none; }
vhd() { qemu-img convert -f raw -O vpc -o subformat=fixed,force_size disk out; }
esp() {
  truncate -s "$1" esp.fs; mkfs.vfat -F 32 -n EFI esp.fs >esp.log
  mmd -i esp.fs ::/EFI ::/EFI/BOOT \${3:+"::/EFI/$3"}
  printf MZ >loader.efi; mcopy -i esp.fs loader.efi "::/EFI/BOOT/$2"
}
`;
