import type { SourceFormat } from "./source-format.ts";

/** How the bytes of a compressed extent are packed. */
export type Codec =
  /** Raw deflate (RFC 1951): qcow2. */
  | "deflate"
  /** One Zstandard frame (RFC 8878), after which other bytes may follow: qcow2. */
  | "zstd"
  /** A grain of a streamOptimized VMDK: LBA, size, then zlib data (RFC 1950). */
  | "vmdk-grain";

/** Bytes of the disk that are in the file unchanged. All numbers are bytes. */
export interface CopyExtent {
  readonly kind: "copy";
  readonly guestOffset: number;
  readonly length: number;
  readonly fileOffset: number;
}

/** Bytes of the disk that are zero. */
export interface ZeroExtent {
  readonly kind: "zero";
  readonly guestOffset: number;
  readonly length: number;
}

/** One block of the disk that has to be decompressed. */
export interface CompressedExtent {
  readonly kind: "compressed";
  readonly codec: Codec;
  readonly guestOffset: number;
  /** Bytes of the disk, at most `unpackedLength`: the last block may reach over the end of the disk. */
  readonly length: number;
  readonly unpackedLength: number;
  readonly fileOffset: number;
  /** Upper bound of the packed bytes; what follows them in this range belongs to others. */
  readonly fileLength: number;
  /** Bytes from `fileOffset` that are certainly this block's own. */
  readonly ownLength: number;
}

/** Where a stretch of the disk is. */
export type Extent = CopyExtent | ZeroExtent | CompressedExtent;

/** Bytes of a file, the end excluded. */
export interface FileRange {
  readonly start: number;
  readonly end: number;
  /** For messages: "the block allocation table". */
  readonly what: string;
}

/** Where the content of a virtual disk is in its file. */
export interface DiskMap {
  readonly format: SourceFormat;
  /** Size of the disk that a guest sees, in bytes. */
  readonly virtualBytes: number;
  /** `virtualBytes` rounded up to whole MiB: the size of the disk in the fixed VHD. */
  readonly paddedBytes: number;
  /**
   * The extents from guest offset `from` to `paddedBytes`, in order and without a gap. Neighbours of one
   * kind are joined, except over very many pieces of tables. The first begins at `from`; only a compressed one may begin before it, because a
   * block cannot be unpacked in part. Tables are read as the iteration goes.
   * @throws RefusedDiskError where a table turns out to be wrong.
   */
  extents(from?: number): AsyncIterable<Extent>;
  /**
   * Reads all tables once (large, scattered files: a few times) and sums up the work, within the limits
   * of the folder unless others are given.
   * @param onExtent called with each extent, in order, once
   * @throws RefusedDiskError where a table is wrong, or two places of the disk share bytes of the file.
   */
  survey(limits?: SurveyLimits, onExtent?: (extent: Extent) => void): Promise<MapSurvey>;
}

/** The most passes over the tables of a file, and reads and bytes in all of them. */
export interface SurveyLimits {
  readonly passes: number;
  readonly reads: number;
  readonly bytes: number;
}

/** What there is to do for the whole disk. */
export interface MapSurvey {
  /** Bytes that are copied as they are. Never more than the file has. */
  readonly copyBytes: number;
  readonly copyExtents: number;
  /** Bytes of the disk that come out of compressed blocks. */
  readonly unpackedBytes: number;
  readonly compressedExtents: number;
  /** Upper bound of the compressed bytes. */
  readonly packedBytes: number;
  /** Bytes of the disk that are zero, the padding included. */
  readonly zeroBytes: number;
}
