import type { Architecture, Generation, OsType } from "../vocabulary.ts";

/** What a file is, in the words in which it is reported. */
export type DiskFormat =
  | "fixed VHD"
  | "dynamic VHD"
  | "differencing VHD"
  | "VHD of unknown type"
  | "VHD cut short"
  | "VHD with a 511-byte footer"
  | "VHD with bytes after its footer"
  | ContainerFormat
  | "raw disk"
  | "empty"
  | "unknown";

/** Files that hold a disk, or something else, in a form of their own. */
export type ContainerFormat =
  | "VHDX"
  | "VMDK"
  | "VMDK descriptor"
  | "VDI"
  | "qcow2"
  | "qcow"
  | "ISO 9660"
  | "gzip"
  | "xz"
  | "zstd"
  | "bzip2"
  | "zip"
  | "7z"
  | "tar";

export type PartitionTable = "gpt" | "mbr" | "none";
/** `high` is acted upon against a default; the others are only told. */
export type Confidence = "high" | "medium" | "low";
export type DiskRole = "os" | "data";

/** Why the service would not take a disk. */
export interface DiskProblem {
  readonly code: "InvalidVhd" | "VHDSizeInvalid";
  /** To be put after the name of the blob: "is a VHDX file; …". No full stop. */
  readonly message: string;
  /** What to do: sentences, and commands on lines of their own; a template for `nameFix`. */
  readonly fix: string;
}

/** One partition as it is reported. */
export interface PartitionFinding {
  /** Name of the type; the GUID or number itself for an unknown one. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  /** File system or volume kind; null for none that is known, or one that was not read. */
  readonly fileSystem: string | null;
  /** The file system's label, otherwise the name in the GPT. Absent when there is none. */
  readonly label?: string;
}

/** How sure a conclusion is, and the clause that says why (no full stop). */
export interface Certainty {
  readonly confidence: Confidence;
  readonly reason: string;
}

/** Values that contradict what was seen. Both generations: no firmware starts the disk. */
export interface Excluded {
  readonly osType: readonly OsType[];
  readonly hyperVGeneration: readonly Generation[];
}

/** All that a few reads tell about a disk. Plain data. */
export interface DiskFinding {
  readonly format: DiskFormat;
  /** Bytes of the disk inside; null where that takes more than a look at the first sectors. */
  readonly virtualSize: number | null;
  readonly partitionTable: PartitionTable;
  readonly partitions: readonly PartitionFinding[];
  readonly osType: OsType | null;
  /** `both`: the disk starts by BIOS and by UEFI. */
  readonly hyperVGeneration: Generation | "both" | null;
  readonly architecture: Architecture | null;
  /** The lower one of `certainty`. */
  readonly confidence: Confidence;
  /** Each by itself; a disk may tell its generation plainly and its system not at all. */
  readonly certainty: { readonly osType: Certainty; readonly hyperVGeneration: Certainty };
  /** What the disk certainly cannot be: never taken from a default. */
  readonly excluded: Excluded;
  /** One sentence for each conclusion, generation first, then system, then architecture. */
  readonly reasons: readonly string[];
  readonly warnings: readonly string[];
  /** Null when the service would take it. */
  readonly problem: DiskProblem | null;
  /** The end is blank and nothing else is recognised: the upload may still go on. */
  readonly mayBeUnfinished: boolean;
}
