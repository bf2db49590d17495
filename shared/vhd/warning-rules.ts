import type { Evidence } from "./evidence.ts";
import type { Architecture, DiskRole } from "./finding.ts";

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
    text: ({ role }) =>
      role === "os"
        ? "the disk is empty: no partition table and no file system"
        : "the disk is empty: a machine made from the image gets an unformatted disk",
  },
  {
    holds: ({ evidence, role }) => role === "os" && !isEmpty(evidence) && !canStart(evidence),
    text: ({ evidence }) =>
      `looks like a data disk: ${evidence.wholeDisk ? `${evidence.wholeDisk} without a partition table` : "nothing to start from"}`,
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
    text: () =>
      "is for Arm64: a managed image always counts as x64, and a machine made from it will not start; make an Azure Compute Gallery image version from the VHD instead",
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

function isEmpty(e: Evidence): boolean {
  return e.wholeDisk === null && !e.hasPartitions;
}

/** Whether there is anything that firmware could start. */
function canStart(e: Evidence): boolean {
  if (e.table === "none" || !e.hasPartitions) return false;
  if (e.hasEfiSystem || e.windowsLoader !== null) return true;
  if (e.table === "gpt") return e.hasBiosBoot || (e.bootCode !== "none" && e.hasActive);
  return e.bootCode !== "none" && (e.hasActive || e.bootCode !== "other");
}
