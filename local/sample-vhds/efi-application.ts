import { SECTOR_BYTES } from "./units.ts";

const PE_OFFSET = 0x80;
const OPTIONAL_HEADER_BYTES = 0xf0;

/**
 * Returns a file with the headers of an x64 EFI application and no code, to stand for
 * `\EFI\BOOT\BOOTX64.EFI`, the path that firmware starts when nothing else is configured.
 */
export function buildEfiApplication(): Buffer {
  const file = Buffer.alloc(2 * SECTOR_BYTES);
  file.write("MZ", 0, "latin1");
  file.writeUInt32LE(PE_OFFSET, 0x3c);
  file.write("PE\0\0", PE_OFFSET, "latin1");
  file.writeUInt16LE(0x8664, PE_OFFSET + 4); // machine: x64
  file.writeUInt16LE(OPTIONAL_HEADER_BYTES, PE_OFFSET + 20);
  file.writeUInt16LE(0x0206, PE_OFFSET + 22); // executable, no line numbers, no debug information
  const optional = PE_OFFSET + 24;
  file.writeUInt16LE(0x20b, optional); // PE32+
  file.writeUInt32LE(0x1000, optional + 32); // section alignment
  file.writeUInt32LE(SECTOR_BYTES, optional + 36); // file alignment
  file.writeUInt32LE(0x1000, optional + 56); // image size
  file.writeUInt32LE(SECTOR_BYTES, optional + 60); // header size
  file.writeUInt16LE(10, optional + 68); // subsystem: EFI application
  file.writeUInt32LE(16, optional + 108); // data directories
  return file;
}
