import type { Architecture } from "../../vocabulary.ts";
import type { BootCode } from "../content/boot-code.ts";
import type { GrubCore } from "../content/grub-core.ts";
import type { VolumeSystem } from "../content/volume-rule.ts";
import type { Confidence, PartitionTable } from "../finding.ts";
import type { DiskLayout, ProbedPartition } from "../table/layout.ts";
import { type EfiEvidence, gatherEfiEvidence } from "./efi-evidence.ts";

/** What speaks for one conclusion or another, gathered from a disk. The rules look at nothing else. */
export interface Evidence extends EfiEvidence {
  readonly table: PartitionTable;
  readonly isVerified: boolean;
  readonly hasPartitions: boolean;
  /** Nothing was ever written, or all that was read is blank; null where there is something. */
  readonly emptiness: "unwritten" | "blank as read" | null;
  /** File system or volume of an undivided disk. */
  readonly wholeDisk: string | null;
  readonly isUnprotected: boolean;
  readonly hasLargeSectors: boolean;
  readonly hasBiosBoot: boolean;
  /** GRUB's second stage begins a BIOS boot partition. */
  readonly hasBiosBootCore: boolean;
  readonly isHybrid: boolean;
  /** A partition is active (MBR) or marked for legacy boot (GPT). */
  readonly hasActive: boolean;
  readonly bootCode: BootCode;
  readonly hasBootSignature: boolean;
  readonly grubCore: GrubCore | null;
  /** Code in the first sector of the active partition; null where there is none, or it was not read. */
  readonly activeCode: BootCode | null;
  /** Windows' own loader, by the boot sector of an active partition or in a FAT that firmware reads. */
  readonly windowsLoader: "BOOTMGR" | "NTLDR" | "Windows Boot Manager" | null;
  /** Names of what only these systems use, without repeats. */
  readonly windows: readonly string[];
  readonly linux: readonly string[];
  /** One of these is by its content: a type alone may be of a partition that was never used. */
  readonly hasLinuxVolume: boolean;
  readonly bsd: readonly string[];
  /** Of systems that Azure does not run: macOS, VMware. */
  readonly foreign: readonly string[];
  readonly architectures: readonly Architecture[];
  /** Partitions that could be anything: not read and of a neutral type, not recognised, contradictory. */
  readonly unknownCount: number;
}

/** Gathers what a disk's layout tells. */
export function gatherEvidence(layout: DiskLayout): Evidence {
  const { table, partitions, wholeDisk } = layout;
  const marksOf = (...systems: readonly VolumeSystem[]): readonly string[] =>
    unique([
      ...partitions.flatMap((partition) => marksOfPartition(partition, systems)),
      ...(wholeDisk?.system && systems.includes(wholeDisk.system) ? [wholeDisk.name] : []),
    ]);
  const efi = gatherEfiEvidence(layout);
  const active = partitions.find(({ isActive }) => isActive);
  const biosBoot = partitions.filter(({ type }) => type.boot === "bios");
  const unknown = partitions.filter(isUnknown).length + (layout.isCut ? 1 : 0);
  return {
    ...efi,
    table,
    isVerified: layout.isVerified,
    hasPartitions: partitions.length > 0,
    emptiness: layout.emptiness,
    wholeDisk: wholeDisk?.name ?? null,
    isUnprotected: layout.isUnprotected,
    hasLargeSectors: layout.hasLargeSectors,
    hasBiosBoot: biosBoot.length > 0,
    hasBiosBootCore: biosBoot.some(({ hasGrubCore }) => hasGrubCore),
    isHybrid: layout.isHybrid,
    hasActive: active !== undefined,
    bootCode: layout.bootCode,
    hasBootSignature: layout.hasBootSignature,
    grubCore: layout.grubCore,
    activeCode: active?.bootCode ?? null,
    windowsLoader: efi.hasMicrosoftLoader
      ? "Windows Boot Manager"
      : (active?.windowsLoader ?? null),
    windows: marksOf("Windows"),
    linux: marksOf("Linux"),
    hasLinuxVolume: [wholeDisk, ...partitions.map(({ fileSystem }) => fileSystem)].some(
      (volume) => volume?.system === "Linux",
    ),
    bsd: marksOf("BSD"),
    foreign: marksOf("macOS", "VMware"),
    architectures: unique(partitions.flatMap(({ type }) => type.architecture ?? [])),
    unknownCount: unknown + (wholeDisk?.isSure === false ? 1 : 0),
  };
}

/** The weaker of two. */
export function lowerConfidence(a: Confidence, b: Confidence): Confidence {
  const order: readonly Confidence[] = ["low", "medium", "high"];
  return order.indexOf(a) < order.indexOf(b) ? a : b;
}

/** Content says more than type: a type is a mark only where the content is not another system's. */
function marksOfPartition(
  { type, fileSystem }: ProbedPartition,
  systems: readonly VolumeSystem[],
): readonly string[] {
  const own = fileSystem?.system ?? null;
  if (fileSystem !== null && own !== null) return systems.includes(own) ? [fileSystem.name] : [];
  return type.system !== undefined && systems.includes(type.system) ? [type.name] : [];
}

/** Whether a partition could belong to an operating system of which the disk has no other sign. */
function isUnknown({ type, isRead, isBlank, fileSystem }: ProbedPartition): boolean {
  if (type.opaque) return false;
  if (!isRead) return type.system === undefined;
  const isExplained = type.system !== undefined || type.boot !== undefined;
  if (fileSystem === null) return !isExplained || !isBlank;
  const isContradicted =
    fileSystem.system !== null &&
    type.system !== undefined &&
    familyOf(fileSystem.system) !== familyOf(type.system);
  return !fileSystem.isSure || isContradicted;
}

/** Azure counts a BSD as Linux, and ZFS is of both. */
function familyOf(system: VolumeSystem): VolumeSystem {
  return system === "BSD" ? "Linux" : system;
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
