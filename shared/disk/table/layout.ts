import type { BootCode } from "../content/boot-code.ts";
import type { EfiBootFiles } from "../content/efi-boot-files.ts";
import type { FileSystemReading } from "../content/file-systems.ts";
import type { GrubCore } from "../content/grub-core.ts";
import type { PartitionTable } from "../finding.ts";
import type { PartitionType } from "./partition-types.ts";

/** A partition by its entry in the table. Bytes, from the disk's start. */
export interface PlacedPartition {
  readonly type: PartitionType;
  readonly start: number;
  readonly size: number;
  /** Marked for a BIOS to start from: active in an MBR, legacy boot in a GPT. */
  readonly isActive: boolean;
  /** Whether UEFI firmware passes over it: a GPT entry in a forbidden place, or hidden by its attributes. */
  readonly isIgnored: boolean;
  readonly name: string | null;
}

/** A partition and what the reads found in it. */
export interface ProbedPartition extends PlacedPartition {
  readonly isRead: boolean;
  /** Whether all that was read of it is blank. */
  readonly isBlank: boolean;
  readonly fileSystem: FileSystemReading | null;
  /** Code in its first sector; null where that was not read. */
  readonly bootCode: BootCode | null;
  /**
   * Whether it may hold a disk of its own: a partition table in its first sector, or a CD with El Torito.
   * UEFI firmware goes into both, and starts what is there.
   */
  readonly mayHoldDisk: boolean;
  /** Whether GRUB's second stage begins it. */
  readonly hasGrubCore: boolean;
  /** The Windows loader that its boot sector calls. */
  readonly windowsLoader: "BOOTMGR" | "NTLDR" | null;
  /** What firmware finds in it where that can be read as FAT, whatever its type; null otherwise. */
  readonly efi: EfiBootFiles | null;
}

/** How a disk is divided. */
export interface TableReading {
  readonly table: PartitionTable;
  readonly partitions: readonly PlacedPartition[];
  /**
   * What is known of a disk on which nothing was recognised: that nothing was ever written to it, or
   * that all that was read is blank. Null for every other.
   */
  readonly emptiness: "unwritten" | "blank as read" | null;
  /** What the disk as a whole holds, when it is not divided. */
  readonly wholeDisk: FileSystemReading | null;
  /** What firmware finds on an undivided disk in FAT. */
  readonly wholeDiskEfi: EfiBootFiles | null;
  readonly bootCode: BootCode;
  /** Whether sector 0 ends with 55 AA; a BIOS starts no other. */
  readonly hasBootSignature: boolean;
  /** Null where there is no GRUB in sector 0. */
  readonly grubCore: GrubCore | null;
  /** A GPT whose MBR also lists partitions. */
  readonly isHybrid: boolean;
  /** A GPT without the protective MBR that firmware asks for: it is ignored. */
  readonly isUnprotected: boolean;
  /** A GPT for sectors of 4096 bytes. */
  readonly hasLargeSectors: boolean;
  /** Whether the table's checksums are right; an MBR has none. */
  readonly isVerified: boolean;
  /** Whether there are partitions that were not followed. */
  readonly isCut: boolean;
  readonly warnings: readonly string[];
}

/** How a disk is divided, and what is in the parts. */
export interface DiskLayout extends TableReading {
  readonly partitions: readonly ProbedPartition[];
  /** Whether firmware may start it as it starts a CD. */
  readonly hasElTorito: boolean;
}
