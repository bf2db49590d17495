import { hasBytesAt, hasText, isBlank, readLatin1 } from "../bytes.ts";

/** Bytes of sector 0 before disk signature and partition table. */
export const BOOT_CODE_BYTES = 440;

/** Whose code a BIOS would start from a sector. `other`: code that says no name. */
export type BootCode =
  | "none"
  | "GRUB"
  | "LILO"
  | "SYSLINUX"
  | "SYSLINUX altmbr"
  | "SYSLINUX loader"
  | "Microsoft"
  | "FreeBSD"
  | "OpenBSD"
  | "NetBSD"
  | "other";

interface BootCodeRule {
  readonly name: BootCode;
  readonly matches: (code: Uint8Array, text: string) => boolean;
}

/**
 * What mkfs.vfat and mkntfs put where boot code would be (hexadecimal): it writes a message, waits for a
 * key, and starts over. The message alone proves nothing, other loaders may have one like it.
 */
const NOT_BOOTABLE =
  /0e1fbe..7cac22c0740b56b40ebb0700cd105eebf032e4cd16cd19ebfe54686973206973206e6f74206120626f6f7461626c65206469736b/;
const MICROSOFT_MESSAGES = [
  "Invalid partition table",
  "Error loading operating system",
  "Missing operating system",
];
/** mbr.bin and altmbr.bin of syslinux; its gptmbr.bin has the others. */
const SYSLINUX_MESSAGES = ["Missing operating system.", "Operating system load error."];
/** Where altmbr.bin, and it alone, has the number of the partition that it starts, active or not. */
const PARTITION_NUMBER = 439;
const SYSLINUX_GPT_MESSAGES = ["Missing OS", "Multiple active partitions"];

/** Loaders by the messages in their code, in the order in which they are looked for. */
const BOOT_CODE_RULES: readonly BootCodeRule[] = [
  { name: "none", matches: (code) => isBlank(code) || NOT_BOOTABLE.test(toHex(code)) },
  { name: "GRUB", matches: (_, text) => text.includes("GRUB") && text.includes("Geom") },
  {
    name: "LILO",
    matches: (code) => hasBytesAt(code, 2, "LILO") || hasBytesAt(code, 6, "LILO"),
  },
  {
    name: "SYSLINUX altmbr",
    matches: (code, text) => hasAll(text, SYSLINUX_MESSAGES) && code[PARTITION_NUMBER] !== 0,
  },
  {
    name: "SYSLINUX loader", // itself, of a FAT volume or a hybrid CD: it needs no active partition
    matches: (_, text) => /(?:SYS|ISO|EXT)LINUX|isolinux\.bin/.test(text),
  },
  {
    name: "SYSLINUX",
    matches: (_, text) => hasAll(text, SYSLINUX_MESSAGES) || hasAll(text, SYSLINUX_GPT_MESSAGES),
  },
  { name: "Microsoft", matches: (_, text) => hasAll(text, MICROSOFT_MESSAGES) },
  {
    name: "FreeBSD",
    matches: (_, text) =>
      text.includes("Boot loader too large") || /FreeBSD|\/boot\/loader|F6 PXE/.test(text),
  },
  { name: "OpenBSD", matches: (_, text) => /Using drive|!Loading/.test(text) },
  { name: "NetBSD", matches: (_, text) => /NetBSD|No active partition/.test(text) },
  { name: "other", matches: () => true },
];

/** Names the code in sector 0 of a disk, or in the first sector of a partition. */
export function nameBootCode(sector: Uint8Array): BootCode {
  const code = sector.subarray(0, BOOT_CODE_BYTES);
  const text = readLatin1(code);
  return BOOT_CODE_RULES.find((rule) => rule.matches(code, text))?.name ?? "other";
}

/** The Windows loader that a partition's boot sector calls, null for none. */
export function nameWindowsLoader(sector: Uint8Array): "BOOTMGR" | "NTLDR" | null {
  if (hasText(sector, "BOOTMGR")) return "BOOTMGR";
  return hasText(sector, "NTLDR") ? "NTLDR" : null;
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function hasAll(text: string, messages: readonly string[]): boolean {
  return messages.every((message) => text.includes(message));
}
