import { describe, expect, it } from "vitest";
import {
  concludeArchitecture,
  concludeGeneration,
  concludeOsType,
} from "../../../../shared/disk/conclude/conclude.ts";
import type { Evidence } from "../../../../shared/disk/conclude/evidence.ts";
import {
  GENERATION_RULES,
  judgeStarts,
} from "../../../../shared/disk/conclude/generation-rules.ts";
import { OS_TYPE_RULES } from "../../../../shared/disk/conclude/os-type-rules.ts";
import { listWarnings } from "../../../../shared/disk/conclude/warning-rules.ts";

const GPT: Evidence = {
  table: "gpt",
  isVerified: true,
  hasPartitions: true,
  emptiness: null,
  wholeDisk: null,
  isUnprotected: false,
  hasLargeSectors: false,
  hasEfiSystem: false,
  hasElTorito: false,
  efiLoader: "absent",
  isLoaderInEfiSystem: false,
  efiMachines: [],
  hasIgnoredLoader: false,
  hasMicrosoftLoader: false,
  efiVendors: [],
  hasBiosBoot: false,
  hasBiosBootCore: false,
  isHybrid: false,
  hasActive: false,
  bootCode: "none",
  hasBootSignature: true,
  grubCore: null,
  activeCode: null,
  windowsLoader: null,
  windows: [],
  linux: [],
  hasLinuxVolume: false,
  bsd: [],
  foreign: [],
  architectures: [],
  unknownCount: 0,
};
const UEFI: Evidence = {
  ...GPT,
  hasEfiSystem: true,
  efiLoader: "present",
  efiMachines: ["x64"],
  isLoaderInEfiSystem: true,
};
const EMPTY_ESP: Evidence = { ...GPT, hasEfiSystem: true };
const UNSEEN_ESP: Evidence = { ...EMPTY_ESP, efiLoader: "unknown" };
const VENDOR_ESP: Evidence = { ...EMPTY_ESP, efiLoader: "vendor", efiVendors: ["debian"] };
const MBR: Evidence = { ...GPT, table: "mbr" };
const NONE: Evidence = { ...GPT, table: "none", hasPartitions: false };
const BLANK: Evidence = { ...NONE, hasBootSignature: false, emptiness: "blank as read" };
const GRUB = { bootCode: "GRUB", grubCore: "present" } as const;
const OLD_GRUB = { bootCode: "GRUB", grubCore: "absent" } as const;

type Case<Value> = readonly [what: string, evidence: Evidence, value: Value, confidence: string];

const GENERATIONS: readonly Case<"V1" | "V2" | "both" | null>[] = [
  ["no table", BLANK, null, "low"],
  ["a loader, and GRUB with its second stage", { ...UEFI, ...GRUB }, "both", "medium"],
  [
    "a loader in a FAT of another type in an MBR, and GRUB",
    { ...MBR, ...GRUB, efiLoader: "present", efiMachines: ["x64"] },
    "both",
    "medium",
  ],
  [
    "a loader and a hybrid MBR with code",
    { ...UEFI, isHybrid: true, bootCode: "other" },
    "both",
    "medium",
  ],
  ["a loader and code without a place to go", { ...UEFI, bootCode: "other" }, "V2", "medium"],
  ["a loader and GRUB's first stage alone", { ...UEFI, ...OLD_GRUB }, "V2", "high"],
  ["a loader", UEFI, "V2", "high"],
  ["a loader and a BIOS boot partition without code", { ...UEFI, hasBiosBoot: true }, "V2", "high"],
  ["a loader and the code of Windows Setup", { ...UEFI, bootCode: "Microsoft" }, "V2", "high"],
  ["a loader in an MBR", { ...UEFI, table: "mbr" }, "V2", "medium"],
  ["a loader on an undivided FAT volume", { ...UEFI, table: "none" }, "V2", "medium"],
  [
    "an EFI system partition that was not read, and GRUB",
    { ...UNSEEN_ESP, ...GRUB },
    "both",
    "low",
  ],
  [
    "a partition that was not read, and GRUB",
    { ...GPT, ...GRUB, efiLoader: "unknown" },
    "V1",
    "medium",
  ],
  ["loaders of boot entries only, and GRUB", { ...VENDOR_ESP, ...GRUB }, "V1", "medium"],
  ["loaders of boot entries only", VENDOR_ESP, "V2", "medium"],
  ["an EFI system partition that was not read", UNSEEN_ESP, "V2", "medium"],
  [
    "GRUB and an empty EFI system partition",
    { ...EMPTY_ESP, ...GRUB, hasBiosBoot: true },
    "V1",
    "high",
  ],
  [
    "a BIOS boot partition with GRUB's second stage, which the first one misses",
    { ...GPT, ...OLD_GRUB, hasBiosBoot: true, hasBiosBootCore: true },
    "V1",
    "high",
  ],
  ["GRUB in an MBR without its second stage", { ...MBR, ...OLD_GRUB }, "V1", "medium"],
  ["an empty EFI system partition", EMPTY_ESP, null, "low"],
  ["a BIOS boot partition without code", { ...GPT, hasBiosBoot: true }, null, "low"],
  ["a GPT with nothing to start from", GPT, null, "low"],
  ["a GPT without a protective MBR", { ...UEFI, isUnprotected: true }, null, "low"],
  ["a GPT for large sectors", { ...UEFI, hasLargeSectors: true }, null, "low"],
  ["a loader for 32-bit UEFI only", { ...UEFI, efiMachines: ["x86"] }, null, "low"],
  ["an MBR with LILO", { ...MBR, bootCode: "LILO" }, "V1", "high"],
  [
    "an MBR with syslinux and an active partition with code",
    { ...MBR, bootCode: "SYSLINUX", hasActive: true, activeCode: "SYSLINUX" },
    "V1",
    "high",
  ],
  [
    "syslinux' code for a partition by its number, none active",
    { ...MBR, bootCode: "SYSLINUX altmbr" },
    "V1",
    "medium",
  ],
  [
    "syslinux' own loader on an undivided FAT volume",
    { ...NONE, wholeDisk: "FAT16", bootCode: "SYSLINUX loader" },
    "V1",
    "high",
  ],
  [
    "FreeBSD's menu, which starts others than the active partition",
    { ...MBR, bootCode: "FreeBSD", hasActive: true, activeCode: "none" },
    "V1",
    "medium",
  ],
  [
    "GRUB whose second stage was not read",
    { ...MBR, bootCode: "GRUB", grubCore: "unknown" },
    "V1",
    "medium",
  ],
  ["El Torito, as on a CD, and GRUB", { ...MBR, ...GRUB, hasElTorito: true }, "V1", "medium"],
  ["an MBR with syslinux and nothing active", { ...MBR, bootCode: "SYSLINUX" }, null, "low"],
  [
    "an MBR with syslinux and an active partition without code",
    { ...MBR, bootCode: "SYSLINUX", hasActive: true, activeCode: "none" },
    null,
    "low",
  ],
  [
    "a GPT with FreeBSD's boot code and boot partition",
    { ...GPT, bootCode: "FreeBSD", hasBiosBoot: true },
    "V1",
    "high",
  ],
  [
    "a BIOS boot partition with unknown code",
    { ...GPT, bootCode: "other", hasBiosBoot: true },
    "V1",
    "high",
  ],
  [
    "MBR with unknown code and the loader of Windows",
    { ...MBR, bootCode: "other", hasActive: true, windowsLoader: "NTLDR" },
    "V1",
    "high",
  ],
  [
    "MBR with unknown code and an active partition",
    { ...MBR, bootCode: "other", hasActive: true },
    "V1",
    "medium",
  ],
  ["MBR with unknown code and nothing active", { ...MBR, bootCode: "other" }, null, "low"],
  [
    "MBR without code, with the loader of Windows",
    { ...MBR, hasActive: true, windowsLoader: "BOOTMGR" },
    null,
    "low",
  ],
  [
    "MBR with code but without partitions",
    { ...MBR, bootCode: "GRUB", hasPartitions: false },
    null,
    "low",
  ],
  ["a sector 0 without its signature", { ...MBR, ...GRUB, hasBootSignature: false }, null, "low"],
];

const SYSTEMS: readonly Case<"Windows" | "Linux" | null>[] = [
  ["volumes of both", { ...UEFI, windows: ["NTFS"], linux: ["ext4"] }, null, "low"],
  [
    "a loader of Windows beside volumes of Linux",
    { ...UEFI, windowsLoader: "Windows Boot Manager", linux: ["ext4"] },
    null,
    "low",
  ],
  ["NTFS alone with a loader of any system", { ...UEFI, windows: ["NTFS"] }, "Windows", "medium"],
  [
    "Windows' reserved partition and NTFS with a loader",
    { ...UEFI, windows: ["Microsoft reserved", "NTFS"] },
    "Windows",
    "high",
  ],
  [
    "the same with GRUB's first stage left over",
    { ...UEFI, ...OLD_GRUB, windows: ["Microsoft reserved", "NTFS"] },
    "Windows",
    "high",
  ],
  [
    "the same with a directory of Ubuntu's loader",
    { ...UEFI, efiVendors: ["ubuntu"], windows: ["Microsoft reserved", "NTFS"] },
    "Windows",
    "medium",
  ],
  ["NTFS and GRUB", { ...MBR, ...GRUB, windows: ["NTFS"] }, null, "low"],
  ["NTFS beside a BSD", { ...UEFI, windows: ["NTFS"], bsd: ["UFS"] }, null, "low"],
  ["macOS", { ...UEFI, foreign: ["APFS"] }, null, "low"],
  ["NTFS with BOOTMGR", { ...MBR, windows: ["NTFS"], windowsLoader: "BOOTMGR" }, "Windows", "high"],
  [
    "NTFS with Microsoft's boot code",
    { ...MBR, windows: ["NTFS"], bootCode: "Microsoft" },
    "Windows",
    "medium",
  ],
  ["NTFS alone", { ...MBR, windows: ["NTFS"] }, "Windows", "low"],
  [
    "LVM2 with an EFI system partition",
    { ...UEFI, linux: ["LVM2"], hasLinuxVolume: true },
    "Linux",
    "high",
  ],
  [
    "XFS with GRUB",
    { ...MBR, linux: ["XFS"], hasLinuxVolume: true, bootCode: "GRUB" },
    "Linux",
    "high",
  ],
  [
    "a partition for Linux in which there is nothing, with a loader",
    { ...UEFI, linux: ["Linux filesystem"] },
    "Linux",
    "medium",
  ],
  [
    "ext4 with an EFI system partition that was not read",
    { ...UNSEEN_ESP, linux: ["ext4"], hasLinuxVolume: true },
    "Linux",
    "medium",
  ],
  [
    "Windows' reserved partition alone with a loader, as on an installer's disk",
    { ...UEFI, windows: ["Microsoft reserved"] },
    "Windows",
    "medium",
  ],
  [
    "a directory of Microsoft's loader without a volume of Windows",
    { ...UEFI, windowsLoader: "Windows Boot Manager" },
    "Windows",
    "medium",
  ],
  [
    "Windows' reserved partition and NTFS with a loader in a FAT of another type",
    { ...UEFI, isLoaderInEfiSystem: false, windows: ["Microsoft reserved", "NTFS"] },
    "Windows",
    "medium",
  ],
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
      GENERATION_RULES.findIndex(({ holds }) => holds(judgeStarts(evidence))),
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

  it("is not certain while there are partitions that could be of another", () => {
    const evidence = { ...UEFI, linux: ["ext4"], unknownCount: 1 };
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
    ["a partition's type", { ...GPT, architectures: ["Arm64"] }, "Arm64"],
    ["boot code for a BIOS", { ...MBR, bootCode: "GRUB" }, "x64"],
    ["loaders for both", { ...UEFI, efiMachines: ["x64", "Arm64"] }, null],
    ["a loader for 32 bits", { ...UEFI, efiMachines: ["x86"] }, null],
    ["nothing", GPT, null],
  ] as const)("by %s", (_, evidence, value) => {
    expect(concludeArchitecture(evidence).value).toBe(value);
  });
});

describe("the warnings", () => {
  const warn = (evidence: Evidence, role: "os" | "data" = "os") =>
    listWarnings({ evidence, role, architecture: concludeArchitecture(evidence).value });

  it.each([
    [
      "a blank OS disk",
      BLANK,
      "os",
      /^nothing is recognised on the disk: what was read of it is blank/,
    ],
    ["a blank data disk", BLANK, "data", /^nothing is recognised on the disk/],
    [
      "an OS disk that was never written",
      { ...BLANK, emptiness: "unwritten" },
      "os",
      /^the disk is empty: nothing/,
    ],
    [
      "such a data disk",
      { ...BLANK, emptiness: "unwritten" },
      "data",
      /^the disk is empty: a machine made/,
    ],
    [
      "an OS disk with an empty table",
      { ...GPT, hasPartitions: false },
      "os",
      /^the disk has a partition table without partitions/,
    ],
    [
      "macOS",
      { ...UEFI, foreign: ["APFS"] },
      "os",
      /^holds volumes of a system that Azure does not run/,
    ],
    [
      "an OS disk with Btrfs after blank sectors",
      { ...NONE, wholeDisk: "Btrfs" },
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
    ["Arm64", { ...UEFI, efiMachines: ["Arm64"] }, "os", /^is for Arm64: .*Azure Compute Gallery/],
    [
      "32-bit UEFI",
      { ...UEFI, efiMachines: ["x86"], efiLoader: "present" },
      "os",
      /^has a loader for 32-bit UEFI only/,
    ],
    ["an EFI system partition without a loader", EMPTY_ESP, "os", /BOOTX64\.EFI/],
  ] as const)("report %s", (_, evidence, role, text) => {
    expect(warn(evidence, role)).toEqual([expect.stringMatching(text)]);
  });

  it.each([
    ["an OS disk that starts by UEFI", UEFI, "os"],
    ["an OS disk that starts by BIOS", { ...GPT, ...GRUB, hasBiosBoot: true }, "os"],
    ["an OS disk with an MBR and GRUB", { ...MBR, bootCode: "GRUB" }, "os"],
    ["a data disk with partitions", GPT, "data"],
    ["a data disk with unknown content", NONE, "data"],
  ] as const)("are none for %s", (_, evidence, role) => {
    expect(warn(evidence, role)).toEqual([]);
  });
});
