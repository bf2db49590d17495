import { BOOT_CODE_BYTES } from "./mbr.ts";
import { SECTOR_BYTES } from "./units.ts";

/** `cli; hlt; jmp $-1`: a processor that runs it stops. The samples look bootable, they do not boot. */
const HALT = [0xfa, 0xf4, 0xeb, 0xfd] as const;

/**
 * Returns sector-0 code that tools recognise as GRUB 2 for BIOS: a jump over the disk parameters and
 * the strings of its first stage.
 */
export function buildGrubBootCode(): Buffer {
  const code = Buffer.alloc(BOOT_CODE_BYTES);
  code.set([0xeb, 0x63, 0x90], 0);
  code.set(HALT, 0x65);
  code.write("GRUB \0Geom\0Hard Disk\0Read\0 Error\r\n\0", 0x180, "latin1");
  return code;
}

/** Returns the first sector of a BIOS boot partition as GRUB 2 fills it: the loader of its core image. */
export function buildGrubCoreImage(): Buffer {
  const sector = Buffer.alloc(SECTOR_BYTES);
  sector.set(HALT, 0);
  sector.write("loading\0.\0\r\n\0Geom\0Read\0 Error\0", 0x80, "latin1");
  sector.writeUInt32LE(2, SECTOR_BYTES - 12); // block list: the rest of the image follows directly
  return sector;
}

/** Returns sector-0 code with the three messages by which tools recognise a Windows master boot record. */
export function buildWindowsBootCode(): Buffer {
  const code = Buffer.alloc(BOOT_CODE_BYTES);
  code.set(HALT, 0);
  const messages = [
    "Invalid partition table",
    "Error loading operating system",
    "Missing operating system",
  ];
  code.write(`${messages.join("\0")}\0`, 0x163, "latin1");
  return code;
}
