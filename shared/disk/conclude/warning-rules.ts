import type { Architecture } from "../../vocabulary.ts";
import { explainArm64 } from "../advice.ts";
import type { DiskRole } from "../finding.ts";
import type { Evidence } from "./evidence.ts";
import { judgeStarts } from "./generation-rules.ts";

interface WarningFacts {
  readonly evidence: Evidence;
  readonly role: DiskRole;
  readonly architecture: Architecture | null;
}

interface WarningRule {
  readonly holds: (facts: WarningFacts) => boolean;
  readonly text: (facts: WarningFacts) => string;
}

/** What a user should know although Azure would accept the disk. All that apply are reported. */
const WARNING_RULES: readonly WarningRule[] = [
  {
    holds: ({ evidence }) => evidence.emptiness === "unwritten",
    text: ({ role }) =>
      role === "data"
        ? "the disk is empty: a machine made from the image gets an unformatted disk"
        : "the disk is empty: nothing was ever written to it",
  },
  {
    holds: ({ evidence }) => evidence.emptiness === "blank as read",
    text: () =>
      "nothing is recognised on the disk: what was read of it is blank (its beginning, its end, and where file systems have their marks)",
  },
  {
    holds: ({ evidence }) => hasEmptyTable(evidence),
    text: () => "the disk has a partition table without partitions",
  },
  {
    holds: ({ evidence, role }) =>
      role === "os" && !evidence.hasLargeSectors && !isNothing(evidence) && !canStart(evidence),
    text: ({ evidence }) => `looks like a data disk: ${nameContent(evidence)}`,
  },
  {
    holds: ({ evidence, role }) => role === "data" && canStart(evidence),
    text: () => "looks like an OS disk, but is to be a data disk",
  },
  {
    holds: ({ evidence, role }) =>
      role === "os" && evidence.windows.length > 0 && nameUnix(evidence).length > 0,
    text: ({ evidence }) =>
      `holds volumes of both systems (${evidence.windows.join(", ")}; ${nameUnix(evidence).join(", ")}): say which one starts`,
  },
  {
    holds: ({ evidence, role }) => role === "os" && evidence.foreign.length > 0,
    text: ({ evidence }) =>
      `holds volumes of a system that Azure does not run (${evidence.foreign.join(", ")})`,
  },
  {
    holds: ({ role, architecture }) => role === "os" && architecture === "Arm64",
    text: () => explainArm64("the VHD"),
  },
  {
    holds: ({ evidence, role }) =>
      role === "os" &&
      evidence.efiMachines.length > 0 &&
      evidence.efiMachines.every((m) => m === "x86"),
    text: () => "has a loader for 32-bit UEFI only; Azure's machines are 64-bit",
  },
  {
    holds: ({ evidence, role }) => role === "os" && evidence.hasIgnoredLoader,
    text: () =>
      "a loader is in a FAT partition that firmware may ignore: the partition overlaps another, lies outside the usable sectors, is hidden by its attributes (bit 1), or an entry of the MBR is wrong",
  },
  {
    holds: ({ evidence, role }) =>
      role === "os" &&
      !evidence.isUnprotected &&
      !evidence.hasIgnoredLoader &&
      (evidence.efiLoader === "vendor" ||
        (evidence.hasEfiSystem && evidence.efiLoader === "absent")),
    text: () =>
      "the EFI system partition has no \\EFI\\BOOT\\BOOTX64.EFI, the only loader that the firmware of a new machine looks for ('grub-install --removable', 'bcdboot' put it there)",
  },
];

/** The warnings that hold, in the order of the rules. */
export function listWarnings(facts: WarningFacts): readonly string[] {
  return WARNING_RULES.filter(({ holds }) => holds(facts)).map(({ text }) => text(facts));
}

function nameUnix(e: Evidence): readonly string[] {
  return [...e.linux, ...e.bsd];
}

function isNothing(e: Evidence): boolean {
  return e.emptiness !== null || hasEmptyTable(e);
}

/** A table that is not read (for large sectors, or ignored by firmware) has a warning of its own. */
function hasEmptyTable(e: Evidence): boolean {
  return e.table !== "none" && !e.hasPartitions && e.unknownCount === 0;
}

/** What there is on a disk that nothing starts from. */
function nameContent(e: Evidence): string {
  if (e.wholeDisk !== null) return `${e.wholeDisk} without a partition table`;
  return e.table === "none"
    ? "neither a partition table nor a known file system"
    : "nothing to start from";
}

/** Whether there is anything that firmware could start. */
function canStart(evidence: Evidence): boolean {
  const { bios, uefi } = judgeStarts(evidence);
  return uefi.start === "yes" || !["no", "perhaps"].includes(bios.start) || isEfiDisk(evidence);
}

/** An EFI system partition is made to be started from, whatever is missing in it. */
function isEfiDisk(e: Evidence): boolean {
  return e.hasEfiSystem || e.efiLoader === "vendor";
}
