import { hasBytesAt, hasText, isBlank } from "../bytes.ts";

/** Bytes of sector 0 before disk signature and partition table. */
export const BOOT_CODE_BYTES = 440;

/** Whose code a BIOS would start from sector 0. `other`: code that says no name. */
export type BootCode = "none" | "GRUB" | "LILO" | "SYSLINUX" | "Microsoft" | "other";

interface BootCodeRule {
  readonly name: BootCode;
  readonly matches: (code: Uint8Array) => boolean;
}

/** Loaders by the messages in their code, in the order in which they are looked for. */
const BOOT_CODE_RULES: readonly BootCodeRule[] = [
  { name: "none", matches: isBlank },
  { name: "GRUB", matches: (code) => hasText(code, "GRUB") && hasText(code, "Geom") },
  {
    name: "LILO",
    matches: (code) => hasBytesAt(code, 2, "LILO") || hasBytesAt(code, 6, "LILO"),
  },
  {
    name: "SYSLINUX",
    matches: (code) => /(?:SYS|ISO|EXT)LINUX/.test(String.fromCharCode(...code)),
  },
  {
    name: "Microsoft",
    matches: (code) =>
      [
        "Invalid partition table",
        "Error loading operating system",
        "Missing operating system",
      ].every((message) => hasText(code, message)),
  },
  { name: "other", matches: () => true },
];

/** Names the code in sector 0 of a disk. */
export function nameBootCode(sector: Uint8Array): BootCode {
  const code = sector.subarray(0, BOOT_CODE_BYTES);
  return BOOT_CODE_RULES.find((rule) => rule.matches(code))?.name ?? "other";
}

/** The Windows loader that a partition's boot sector calls, null for none. */
export function nameWindowsLoader(sector: Uint8Array): "BOOTMGR" | "NTLDR" | null {
  if (hasText(sector, "BOOTMGR")) return "BOOTMGR";
  return hasText(sector, "NTLDR") ? "NTLDR" : null;
}
