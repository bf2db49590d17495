import type { Evidence } from "./evidence.ts";

/** Whether UEFI firmware that knows the disk for the first time starts it. */
export interface UefiStart {
  /** `maybe`: what could hold a loader was not read to the end, or only a boot entry would find it. */
  readonly start: "yes" | "maybe" | "no";
  /** A clause that says why. */
  readonly how: string;
}

interface UefiRule {
  readonly holds: (evidence: Evidence) => boolean;
  readonly start: UefiStart["start"];
  readonly how: (evidence: Evidence) => string;
}

/** What firmware does (UEFI specification 3.5.1.1 and 5.3; EDK II). The first that holds counts. */
const UEFI_RULES: readonly UefiRule[] = [
  {
    holds: (e) => e.hasElTorito,
    start: "maybe",
    how: () => "firmware may find a loader as on a CD (ISO 9660 with El Torito)",
  },
  {
    holds: (e) => e.hasLargeSectors,
    start: "no",
    how: () => "the GPT is for sectors of 4096 bytes",
  },
  {
    holds: (e) => e.isUnprotected,
    start: "no",
    how: () => "firmware ignores a GPT without a protective MBR",
  },
  {
    holds: (e) => e.efiMachines.some((machine) => machine !== "x86"),
    start: "yes",
    how: nameLoaderPlace,
  },
  {
    holds: (e) => e.efiMachines.length > 0,
    start: "no",
    how: () => "the only loader is for 32-bit UEFI",
  },
  {
    holds: (e) => e.hasIgnoredLoader,
    start: "maybe",
    how: () => "a loader in a FAT partition that firmware may ignore",
  },
  {
    holds: (e) => e.efiLoader === "vendor",
    start: "maybe",
    how: (e) => `${namePlace(e)} (without a loader in \\EFI\\BOOT)`,
  },
  {
    holds: (e) => e.efiLoader === "unknown",
    start: "maybe",
    how: (e) =>
      e.hasEfiSystem
        ? "EFI system partition, though its loader was not seen"
        : "not every partition was read to where a loader may be, or one holds a disk of its own",
  },
  {
    holds: (e) => e.hasEfiSystem,
    start: "no",
    how: () => "the EFI system partition has no loader",
  },
  { holds: () => true, start: "no", how: () => "no EFI system partition" },
];

/** Judges what firmware finds. */
export function judgeUefiStart(evidence: Evidence): UefiStart {
  const rule = UEFI_RULES.find(({ holds }) => holds(evidence));
  if (rule === undefined) throw new TypeError("the last rule of UEFI starts holds always");
  return { start: rule.start, how: rule.how(evidence) };
}

function namePlace(e: Evidence): string {
  if (e.hasEfiSystem) return "EFI system partition";
  return e.table === "none" ? "a FAT volume without a partition table" : "a FAT partition";
}

function nameLoaderPlace(e: Evidence): string {
  if (e.isLoaderInEfiSystem) return "EFI system partition";
  if (e.table === "none") return "a FAT volume without a partition table that has a loader";
  return "a FAT partition that has a loader, which firmware finds whatever its type is";
}
