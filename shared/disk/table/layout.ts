import type { BootCode } from "../content/boot-code.ts";
import type { EfiBootFiles } from "../content/efi-boot-files.ts";
import type { FileSystemReading } from "../content/file-systems.ts";
import type { PartitionTable } from "../finding.ts";
import type { PartitionType } from "./partition-types.ts";

/** A partition by its entry in the table. Bytes, from the disk's start. */
export interface PlacedPartition {
  readonly type: PartitionType;
  readonly start: number;
  readonly size: number;
  /** Marked for a BIOS to start from: active in an MBR, legacy boot in a GPT. */
  readonly isActive: boolean;
  readonly name: string | null;
}

/** A partition and what the reads found in it. */
export interface ProbedPartition extends PlacedPartition {
  readonly isRead: boolean;
  readonly fileSystem: FileSystemReading | null;
  /** The Windows loader that its boot sector calls. */
  readonly windowsLoader: "BOOTMGR" | "NTLDR" | null;
  /** Of an EFI system partition only. */
  readonly efi: EfiBootFiles | null;
}

/** How a disk is divided. */
export interface TableReading {
  readonly table: PartitionTable;
  readonly partitions: readonly PlacedPartition[];
  /** Whether the first sectors hold nothing at all. */
  readonly isBlank: boolean;
  /** What the disk as a whole holds, when it is not divided. */
  readonly wholeDisk: FileSystemReading | null;
  readonly bootCode: BootCode;
  /** A GPT whose MBR also lists partitions. */
  readonly isHybrid: boolean;
  /** Whether the table's checksums are right; an MBR has none. */
  readonly isVerified: boolean;
  readonly warnings: readonly string[];
}

/** How a disk is divided, and what is in the parts. */
export interface DiskLayout extends TableReading {
  readonly partitions: readonly ProbedPartition[];
}
