import type { Architecture, OsType } from "../../vocabulary.ts";
import type { BootCode } from "../content/boot-code.ts";
import type { Confidence, PartitionTable } from "../finding.ts";
import type { DiskLayout, ProbedPartition } from "../table/layout.ts";

/** What speaks for one conclusion or another, gathered from a disk. The rules look at nothing else. */
export interface Evidence {
  readonly table: PartitionTable;
  readonly isVerified: boolean;
  readonly hasPartitions: boolean;
  /** Whether the first sectors hold nothing at all. */
  readonly isBlank: boolean;
  /** File system or volume of an undivided disk. */
  readonly wholeDisk: string | null;
  readonly hasEfiSystem: boolean;
  /** What is in the EFI system partition; `unknown` when it could not be read. */
  readonly efiLoader: "present" | "absent" | "unknown";
  readonly efiMachines: readonly (Architecture | "x86")[];
  readonly hasBiosBoot: boolean;
  readonly isHybrid: boolean;
  /** A partition is active (MBR) or marked for legacy boot (GPT). */
  readonly hasActive: boolean;
  readonly bootCode: BootCode;
  /** Windows' own loader, by the boot sector of an active partition or in the EFI system partition. */
  readonly windowsLoader: "BOOTMGR" | "NTLDR" | "Windows Boot Manager" | null;
  /** Names of what only Windows, only Linux, only a BSD uses, without repeats. */
  readonly windows: readonly string[];
  readonly linux: readonly string[];
  readonly bsd: readonly string[];
  readonly architectures: readonly Architecture[];
  /** Partitions of which neither type nor content could tell a system, because they were not read. */
  readonly unreadCount: number;
}

/** Gathers what a disk's layout tells. */
export function gatherEvidence(layout: DiskLayout): Evidence {
  const { table, partitions, isBlank, wholeDisk, bootCode, isHybrid, isVerified } = layout;
  const efi = partitions.filter(({ type }) => type.boot === "efi");
  const files = efi.find((partition) => partition.efi !== null)?.efi ?? null;
  const marksOf = (system: OsType | "BSD"): readonly string[] =>
    unique([
      ...partitions.flatMap((partition) => marksOfPartition(partition, system)),
      ...(wholeDisk?.system === system ? [wholeDisk.name] : []),
    ]);
  return {
    table,
    isVerified,
    hasPartitions: partitions.length > 0,
    isBlank,
    wholeDisk: wholeDisk?.name ?? null,
    hasEfiSystem: efi.length > 0,
    efiLoader: judgeLoader(files?.machines ?? null),
    efiMachines: files?.machines ?? [],
    hasBiosBoot: partitions.some(({ type }) => type.boot === "bios"),
    isHybrid,
    hasActive: partitions.some(({ isActive }) => isActive),
    bootCode,
    windowsLoader: files?.hasMicrosoftLoader
      ? "Windows Boot Manager"
      : findWindowsLoader(partitions),
    windows: marksOf("Windows"),
    linux: marksOf("Linux"),
    bsd: marksOf("BSD"),
    architectures: unique(partitions.flatMap(({ type }) => type.architecture ?? [])),
    unreadCount: partitions.filter(
      ({ isRead, type }) => !isRead && !type.opaque && type.system === undefined,
    ).length,
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
  system: OsType | "BSD",
): readonly string[] {
  if (fileSystem !== null && fileSystem.system !== null) {
    return fileSystem.system === system ? [fileSystem.name] : [];
  }
  return type.system === system ? [type.name] : [];
}

function judgeLoader(machines: Evidence["efiMachines"] | null): Evidence["efiLoader"] {
  if (machines === null) return "unknown";
  return machines.length > 0 ? "present" : "absent";
}

function findWindowsLoader(partitions: readonly ProbedPartition[]): "BOOTMGR" | "NTLDR" | null {
  return (
    partitions.find(({ isActive, windowsLoader }) => isActive && windowsLoader)?.windowsLoader ??
    null
  );
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
