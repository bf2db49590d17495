import { hasBytesAt, readLabel } from "../bytes.ts";
import type { LimitedReader } from "../disk-reader.ts";
import type { FileSystemReading } from "./file-systems.ts";

/** A file system whose mark is so far in that it takes a read of its own. Bytes from the volume's start. */
export interface DistantFileSystem {
  readonly offset: number;
  readonly bytes: number;
  /** Recognises it by the bytes at `offset`. */
  readonly recognise: (bytes: Uint8Array) => FileSystemReading | null;
}

/** The superblock of Btrfs; what stands before it is not touched by the file system. */
export const BTRFS: DistantFileSystem = {
  offset: 0x10000,
  bytes: 0x400,
  recognise: (superblock) =>
    hasBytesAt(superblock, 0x40, "_BHRfS_M")
      ? {
          name: "Btrfs",
          system: "Linux",
          label: readLabel(superblock.subarray(0x12b, 0x12b + 256), "utf-8"),
        }
      : null,
};

/** The first volume descriptor of ISO 9660, in sector 16 of 2048 bytes. */
export const ISO_9660: DistantFileSystem = {
  offset: 0x8000,
  bytes: 0x200,
  recognise: (descriptor) =>
    hasBytesAt(descriptor, 1, "CD001") ? { name: "ISO 9660", system: null, label: null } : null,
};

/** Looks for one such file system in the volume that starts at `start`: one read. */
export async function readDistantFileSystem(
  reader: LimitedReader,
  start: number,
  { offset, bytes, recognise }: DistantFileSystem,
): Promise<FileSystemReading | null> {
  const read = await reader.read(start + offset, bytes);
  return read && recognise(read);
}
