import { buildGrubBootCode, buildGrubCoreImage, buildWindowsBootCode } from "./boot-code.ts";
import type { DiskPlan, GptPartitionPlan } from "./disk.ts";
import { ext4 } from "./ext4.ts";
import { efiSystem } from "./fat32.ts";
import { GPT_TYPES } from "./gpt.ts";
import { ntfs } from "./ntfs.ts";
import type { PartitionContent } from "./partition-content.ts";
import { withPayload } from "./payload.ts";
import { swap } from "./swap.ts";
import { MIB } from "./units.ts";
import { xfs } from "./xfs.ts";

/** Do not assign a drive letter; required by the platform: attribute bits of Windows recovery partitions. */
const RECOVERY_ATTRIBUTES = 0x8000_0000_0000_0001n;

const EMPTY: PartitionContent = () => [];
const GRUB_CORE: PartitionContent = () => [{ offset: 0, bytes: buildGrubCoreImage() }];

const EFI_SYSTEM: GptPartitionPlan = {
  type: GPT_TYPES.efiSystem,
  name: "EFI System Partition",
  size: 256 * MIB,
  content: efiSystem(),
};

const MICROSOFT_RESERVED: GptPartitionPlan = {
  type: GPT_TYPES.microsoftReserved,
  name: "Microsoft reserved partition",
  size: 16 * MIB,
  content: EMPTY,
};

function linuxRoot(payloadBytes: number): GptPartitionPlan {
  const content = withPayload(ext4("rootfs"), payloadBytes);
  return { type: GPT_TYPES.linuxFilesystem, name: "rootfs", size: "rest", content };
}

function basicData(payloadBytes: number): GptPartitionPlan {
  const content = withPayload(ntfs(), payloadBytes);
  return {
    type: GPT_TYPES.microsoftBasicData,
    name: "Basic data partition",
    size: "rest",
    content,
  };
}

/** The contents of each sample disk, by name; the parameter is the length of its file data in bytes. */
export const DISK_PLANS = {
  /** Starts by UEFI only: a generation 2 disk. */
  "linux-gen2": (payloadBytes: number): DiskPlan => ({
    scheme: "gpt",
    partitions: [EFI_SYSTEM, linuxRoot(payloadBytes)],
  }),
  /** Starts by BIOS only: a generation 1 disk, with XFS as its root. */
  "linux-gen1": (payloadBytes: number): DiskPlan => ({
    scheme: "mbr",
    bootCode: buildGrubBootCode(),
    partitions: [
      { type: 0x83, active: true, size: 512 * MIB, content: ext4("boot") },
      { type: 0x82, size: 256 * MIB, content: swap() },
      { type: 0x83, size: "rest", content: withPayload(xfs("root"), payloadBytes) },
    ],
  }),
  /** Starts by BIOS and by UEFI, as most Linux images of the marketplace do. */
  "linux-hybrid": (payloadBytes: number): DiskPlan => ({
    scheme: "gpt",
    bootCode: buildGrubBootCode(),
    partitions: [
      { type: GPT_TYPES.biosBoot, name: "bios_boot", size: 4 * MIB, content: GRUB_CORE },
      EFI_SYSTEM,
      linuxRoot(payloadBytes),
    ],
  }),
  "windows-gen2": (payloadBytes: number): DiskPlan => ({
    scheme: "gpt",
    partitions: [
      { ...EFI_SYSTEM, name: "EFI system partition" },
      MICROSOFT_RESERVED,
      basicData(payloadBytes),
      {
        type: GPT_TYPES.windowsRecovery,
        name: "Recovery",
        size: 512 * MIB,
        attributes: RECOVERY_ATTRIBUTES,
        content: ntfs(),
      },
    ],
  }),
  "windows-gen1": (payloadBytes: number): DiskPlan => ({
    scheme: "mbr",
    bootCode: buildWindowsBootCode(),
    partitions: [
      { type: 0x07, active: true, size: 512 * MIB, content: ntfs() },
      { type: 0x07, size: "rest", content: withPayload(ntfs(), payloadBytes) },
    ],
  }),
  "data-ext4": (payloadBytes: number): DiskPlan => ({
    scheme: "gpt",
    partitions: [{ ...linuxRoot(payloadBytes), name: "data" }],
  }),
  "data-ntfs": (payloadBytes: number): DiskPlan => ({
    scheme: "gpt",
    partitions: [MICROSOFT_RESERVED, basicData(payloadBytes)],
  }),
} as const satisfies Record<string, (payloadBytes: number) => DiskPlan>;

export type DiskPlanName = keyof typeof DISK_PLANS;
