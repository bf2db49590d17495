import type { Extent } from "./sparse-image.ts";

/** What a file system has to know about the partition that it fills. */
export type PartitionSpace = {
  /** Position of the partition on the disk, in bytes. */
  readonly startBytes: number;
  readonly lengthBytes: number;
  /** Source of every identifier inside: same seed, same bytes. */
  readonly seed: string;
  readonly createdAt: Date;
};

/** Returns the non-zero bytes of a partition, with offsets from its start. */
export type PartitionContent = (space: PartitionSpace) => Extent[];
