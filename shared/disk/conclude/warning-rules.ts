import type { Architecture } from "../../vocabulary.ts";
import { explainArm64 } from "../advice.ts";
import type { DiskRole } from "../finding.ts";
import type { Evidence } from "./evidence.ts";

interface WarningFacts {
  readonly evidence: Evidence;
  readonly role: DiskRole;
  readonly architecture: Architecture | null;
}

interface WarningRule {
  readonly holds: (facts: WarningFacts) => boolean;
  readonly text: (facts: WarningFacts) => string;
}

/** What a user should know though the service would take the disk. All that hold are told. */
const WARNING_RULES: readonly WarningRule[] = [
  {
    holds: ({ evidence }) => isEmpty(evidence),
    text: ({ evidence, role }) => {
      if (role === "data") {
        return "the disk is empty: a machine made from the image gets an unformatted disk";
      }
      return evidence.isBlank
        ? "the disk is empty: no partition table and no file system"
        : "the disk is empty: a partition table without partitions";
    },
  },
  {
    holds: ({ evidence, role }) => role === "os" && !isEmpty(evidence) && !canStart(evidence),
    text: ({ evidence }) => `looks like a data disk: ${nameContent(evidence)}`,
  },
  {
    holds: ({ evidence, role }) => role === "data" && canStart(evidence),
    text: () => "looks like an OS disk, but is to be a data disk",
  },
  {
    holds: ({ evidence, role }) =>
      role === "os" && evidence.windows.length > 0 && evidence.linux.length > 0,
    text: ({ evidence }) =>
      `holds volumes of both systems (${evidence.windows.join(", ")}; ${evidence.linux.join(", ")}): say which one starts`,
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
    holds: ({ evidence, role }) =>
      role === "os" && evidence.hasEfiSystem && evidence.efiLoader === "absent",
    text: () =>
      "the EFI system partition has no \\EFI\\BOOT\\BOOTX64.EFI, the only loader that the firmware of a new machine looks for ('grub-install --removable', 'bcdboot' put it there)",
  },
];

/** The warnings that hold, in the order of the rules. */
export function listWarnings(facts: WarningFacts): readonly string[] {
  return WARNING_RULES.filter(({ holds }) => holds(facts)).map(({ text }) => text(facts));
}

/** Unknown content without a table is not empty: a database or a cipher may use the disk as it is. */
function isEmpty(e: Evidence): boolean {
  const isBlank = e.isBlank && e.wholeDisk === null; // Btrfs leaves the first sectors as they were
  return isBlank || (e.table !== "none" && !e.hasPartitions);
}

/** What there is on a disk that nothing starts from. */
function nameContent(e: Evidence): string {
  if (e.wholeDisk !== null) return `${e.wholeDisk} without a partition table`;
  return e.table === "none"
    ? "neither a partition table nor a known file system"
    : "nothing to start from";
}

/** Whether there is anything that firmware could start. */
function canStart(e: Evidence): boolean {
  if (e.table === "none" || !e.hasPartitions) return false;
  if (e.hasEfiSystem || e.windowsLoader !== null) return true;
  if (e.table === "gpt") return e.hasBiosBoot || (e.bootCode !== "none" && e.hasActive);
  return e.bootCode !== "none" && (e.hasActive || e.bootCode !== "other");
}
