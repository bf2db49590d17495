import { describe, expect, it } from "vitest";
import {
  concludeArchitecture,
  concludeGeneration,
  concludeOsType,
} from "../../../../shared/disk/conclude/conclude.ts";
import type { Evidence } from "../../../../shared/disk/conclude/evidence.ts";
import { GENERATION_RULES } from "../../../../shared/disk/conclude/generation-rules.ts";
import { OS_TYPE_RULES } from "../../../../shared/disk/conclude/os-type-rules.ts";
import { listWarnings } from "../../../../shared/disk/conclude/warning-rules.ts";

const GPT: Evidence = {
  table: "gpt",
  isVerified: true,
  hasPartitions: true,
  isBlank: false,
  wholeDisk: null,
  hasEfiSystem: false,
  efiLoader: "unknown",
  efiMachines: [],
  hasBiosBoot: false,
  isHybrid: false,
  hasActive: false,
  bootCode: "none",
  windowsLoader: null,
  windows: [],
  linux: [],
  bsd: [],
  architectures: [],
  unreadCount: 0,
};
const UEFI: Evidence = { ...GPT, hasEfiSystem: true };
const MBR: Evidence = { ...GPT, table: "mbr" };
const NONE: Evidence = { ...GPT, table: "none", hasPartitions: false };
const BLANK: Evidence = { ...NONE, isBlank: true };

type Case<Value> = readonly [what: string, evidence: Evidence, value: Value, confidence: string];

const GENERATIONS: readonly Case<"V1" | "V2" | "both" | null>[] = [
  ["no table", NONE, null, "low"],
  [
    "EFI system partition and BIOS boot partition with code",
    { ...UEFI, hasBiosBoot: true, bootCode: "GRUB" },
    "both",
    "medium",
  ],
  [
    "EFI system partition and hybrid MBR with code",
    { ...UEFI, isHybrid: true, bootCode: "other" },
    "both",
    "medium",
  ],
  [
    "EFI system partition and legacy boot mark with code",
    { ...UEFI, hasActive: true, bootCode: "SYSLINUX" },
    "both",
    "medium",
  ],
  [
    "EFI system partition and BIOS boot partition without code",
    { ...UEFI, hasBiosBoot: true },
    "V2",
    "medium",
  ],
  [
    "EFI system partition and code without a place to go",
    { ...UEFI, bootCode: "GRUB" },
    "V2",
    "medium",
  ],
  ["EFI system partition without a loader", { ...UEFI, efiLoader: "absent" }, "V2", "medium"],
  ["EFI system partition", UEFI, "V2", "high"],
  [
    "EFI system partition and the code of Windows Setup",
    { ...UEFI, bootCode: "Microsoft" },
    "V2",
    "high",
  ],
  ["BIOS boot partition with code", { ...GPT, hasBiosBoot: true, bootCode: "GRUB" }, "V1", "high"],
  ["BIOS boot partition without code", { ...GPT, hasBiosBoot: true }, "V1", "medium"],
  ["hybrid MBR alone", { ...GPT, isHybrid: true }, "V1", "medium"],
  ["GPT with nothing to start from", GPT, null, "low"],
  [
    "MBR with code and an EFI system partition",
    { ...MBR, hasEfiSystem: true, bootCode: "GRUB" },
    "both",
    "low",
  ],
  ["MBR with an EFI system partition", { ...MBR, hasEfiSystem: true }, "V2", "low"],
  ["MBR with code of a known loader", { ...MBR, bootCode: "LILO" }, "V1", "high"],
  [
    "MBR with unknown code and the loader of Windows",
    { ...MBR, bootCode: "other", windowsLoader: "NTLDR" },
    "V1",
    "high",
  ],
  [
    "MBR with unknown code and an active partition",
    { ...MBR, bootCode: "other", hasActive: true },
    "V1",
    "medium",
  ],
  [
    "MBR without code, with the loader of Windows",
    { ...MBR, windowsLoader: "BOOTMGR" },
    "V1",
    "medium",
  ],
  ["MBR without code", { ...MBR, hasActive: true }, null, "low"],
  [
    "MBR with code but without partitions",
    { ...MBR, bootCode: "GRUB", hasPartitions: false },
    null,
    "low",
  ],
];

const SYSTEMS: readonly Case<"Windows" | "Linux" | null>[] = [
  ["volumes of both", { ...UEFI, windows: ["NTFS"], linux: ["ext4"] }, null, "low"],
  [
    "a loader of Windows beside volumes of Linux",
    { ...UEFI, windowsLoader: "Windows Boot Manager", linux: ["ext4"] },
    null,
    "low",
  ],
  ["NTFS with an EFI system partition", { ...UEFI, windows: ["NTFS"] }, "Windows", "high"],
  ["NTFS with BOOTMGR", { ...MBR, windows: ["NTFS"], windowsLoader: "BOOTMGR" }, "Windows", "high"],
  [
    "NTFS with Microsoft's boot code",
    { ...MBR, windows: ["NTFS"], bootCode: "Microsoft" },
    "Windows",
    "medium",
  ],
  ["NTFS alone", { ...MBR, windows: ["NTFS"] }, "Windows", "low"],
  ["LVM2 with an EFI system partition", { ...UEFI, linux: ["LVM2"] }, "Linux", "high"],
  ["XFS with GRUB", { ...MBR, linux: ["XFS"], bootCode: "GRUB" }, "Linux", "high"],
  ["XFS with unknown boot code", { ...MBR, linux: ["XFS"], bootCode: "other" }, "Linux", "medium"],
  ["GRUB alone", { ...MBR, bootCode: "GRUB" }, "Linux", "medium"],
  ["ext4 alone", { ...GPT, linux: ["ext4"] }, "Linux", "low"],
  ["FreeBSD", { ...GPT, bsd: ["FreeBSD UFS"] }, "Linux", "medium"],
  ["nothing", UEFI, null, "low"],
];

describe("the generation", () => {
  it.each(GENERATIONS)("of %s", (_, evidence, value, confidence) => {
    expect(concludeGeneration(evidence)).toMatchObject({ value, confidence });
  });

  it("has a case here for every rule", () => {
    const used = GENERATIONS.map(([, evidence]) =>
      GENERATION_RULES.findIndex(({ holds }) => holds(evidence)),
    );
    expect([...new Set(used)].sort((a, b) => a - b)).toEqual([...GENERATION_RULES.keys()]);
  });
});

describe("the system", () => {
  it.each(SYSTEMS)("of %s", (_, evidence, value, confidence) => {
    expect(concludeOsType(evidence)).toMatchObject({ value, confidence });
  });

  it("has a case here for every rule", () => {
    const used = SYSTEMS.map(([, evidence]) =>
      OS_TYPE_RULES.findIndex(({ holds }) => holds(evidence)),
    );
    expect([...new Set(used)].sort((a, b) => a - b)).toEqual([...OS_TYPE_RULES.keys()]);
  });

  it("is not certain while partitions are unread that could tell otherwise", () => {
    const evidence = { ...UEFI, linux: ["ext4"], unreadCount: 1 };
    expect(concludeOsType(evidence)).toMatchObject({ value: "Linux", confidence: "medium" });
  });
});

describe("a table whose checksums are wrong", () => {
  it("makes nothing certain", () => {
    const evidence = { ...UEFI, linux: ["ext4"], isVerified: false };
    expect(concludeGeneration(evidence).confidence).toBe("low");
    expect(concludeOsType(evidence).confidence).toBe("low");
  });
});

describe("the architecture", () => {
  it.each([
    ["a loader", { ...UEFI, efiMachines: ["Arm64"] }, "Arm64"],
    [
      "a loader, whatever the partitions say",
      { ...UEFI, efiMachines: ["x64"], architectures: ["Arm64"] },
      "x64",
    ],
    ["a partition's type", { ...UEFI, architectures: ["Arm64"] }, "Arm64"],
    ["boot code for a BIOS", { ...MBR, bootCode: "GRUB" }, "x64"],
    ["loaders for both", { ...UEFI, efiMachines: ["x64", "Arm64"] }, null],
    ["a loader for 32 bits", { ...UEFI, efiMachines: ["x86"] }, null],
    ["nothing", UEFI, null],
  ] as const)("by %s", (_, evidence, value) => {
    expect(concludeArchitecture(evidence).value).toBe(value);
  });
});

describe("the warnings", () => {
  const warn = (evidence: Evidence, role: "os" | "data" = "os") =>
    listWarnings({ evidence, role, architecture: concludeArchitecture(evidence).value });

  it.each([
    ["an empty OS disk", BLANK, "os", /^the disk is empty: no partition table/],
    ["an empty data disk", BLANK, "data", /^the disk is empty: a machine made/],
    [
      "an OS disk with an empty table",
      { ...GPT, hasPartitions: false },
      "os",
      /^the disk is empty: a partition table without/,
    ],
    [
      "an OS disk with Btrfs after blank sectors",
      { ...BLANK, wholeDisk: "Btrfs" },
      "os",
      /^looks like a data disk: Btrfs/,
    ],
    [
      "an OS disk with unknown content",
      NONE,
      "os",
      /^looks like a data disk: neither a partition table nor a known file system/,
    ],
    [
      "an OS disk without a table",
      { ...NONE, wholeDisk: "ext4" },
      "os",
      /^looks like a data disk: ext4/,
    ],
    [
      "an OS disk with nothing to start from",
      GPT,
      "os",
      /^looks like a data disk: nothing to start/,
    ],
    ["a data disk that could start", UEFI, "data", /^looks like an OS disk/],
    [
      "two systems",
      { ...UEFI, windows: ["NTFS"], linux: ["ext4"] },
      "os",
      /both systems \(NTFS; ext4\)/,
    ],
    [
      "Arm64",
      { ...UEFI, architectures: ["Arm64"] },
      "os",
      /^is for Arm64: .*Azure Compute Gallery/,
    ],
    [
      "32-bit UEFI",
      { ...UEFI, efiMachines: ["x86"], efiLoader: "present" },
      "os",
      /^has a loader for 32-bit UEFI only/,
    ],
    [
      "an EFI system partition without a loader",
      { ...UEFI, efiLoader: "absent" },
      "os",
      /BOOTX64\.EFI/,
    ],
  ] as const)("tell of %s", (_, evidence, role, text) => {
    expect(warn(evidence, role)).toEqual([expect.stringMatching(text)]);
  });

  it.each([
    ["an OS disk that starts by UEFI", UEFI, "os"],
    ["an OS disk that starts by BIOS", { ...GPT, hasBiosBoot: true }, "os"],
    ["an OS disk with an MBR and GRUB", { ...MBR, bootCode: "GRUB" }, "os"],
    ["a data disk with partitions", GPT, "data"],
    ["a data disk with unknown content", NONE, "data"],
  ] as const)("are none for %s", (_, evidence, role) => {
    expect(warn(evidence, role)).toEqual([]);
  });
});
