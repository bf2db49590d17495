import { buildGpt, GPT_RESERVED_SECTORS } from "./gpt.ts";
import { deriveGuid, encodeUuid } from "./guid.ts";
import { buildMbr } from "./mbr.ts";
import type { PartitionContent } from "./partition-content.ts";
import { type PlacedPartition, type PlannedSize, placePartitions } from "./partition-layout.ts";
import { createSparseImage, type Extent, moveExtents, type SparseImage } from "./sparse-image.ts";
import { SECTOR_BYTES } from "./units.ts";

type PlannedPartition = {
  readonly size: PlannedSize;
  readonly content: PartitionContent;
};

export type GptPartitionPlan = PlannedPartition & {
  readonly type: string;
  readonly name: string;
  readonly attributes?: bigint;
};

export type MbrPartitionPlan = PlannedPartition & {
  readonly type: number;
  readonly active?: boolean;
};

/** What is on a disk, without its size and identity. */
export type DiskPlan = { readonly bootCode?: Uint8Array } & (
  | { readonly scheme: "gpt"; readonly partitions: readonly GptPartitionPlan[] }
  | { readonly scheme: "mbr"; readonly partitions: readonly MbrPartitionPlan[] }
);

export type DiskIdentity = {
  /** Size in bytes that a guest sees; a whole number of sectors. */
  readonly virtualSizeBytes: number;
  /** Identifier of the VHD; every other identifier on the disk is derived from it. */
  readonly uuid: string;
  readonly createdAt: Date;
};

/** Returns the raw disk: partition table and the contents of all partitions. */
export function buildDisk(plan: DiskPlan, identity: DiskIdentity): SparseImage {
  const extents = plan.scheme === "gpt" ? layOutGpt(plan, identity) : layOutMbr(plan, identity);
  return createSparseImage(identity.virtualSizeBytes, extents);
}

function layOutGpt(plan: DiskPlan & { scheme: "gpt" }, identity: DiskIdentity): Extent[] {
  const diskBytes = identity.virtualSizeBytes;
  const end = diskBytes - GPT_RESERVED_SECTORS.end * SECTOR_BYTES;
  const placed = placePartitions(plan.partitions, end);
  const table = buildGpt({
    diskBytes,
    diskGuid: deriveGuid(identity.uuid, "disk"),
    partitions: placed.map((partition, index) => ({
      typeGuid: partition.plan.type,
      uniqueGuid: deriveGuid(identity.uuid, `partition ${index}`),
      ...toSectors(partition),
      name: partition.plan.name,
      attributes: partition.plan.attributes ?? 0n,
    })),
    ...(plan.bootCode === undefined ? {} : { bootCode: plan.bootCode }),
  });
  return [...table, ...fillPartitions(placed, identity)];
}

function layOutMbr(plan: DiskPlan & { scheme: "mbr" }, identity: DiskIdentity): Extent[] {
  const placed = placePartitions(plan.partitions, identity.virtualSizeBytes);
  const table = buildMbr({
    diskSignature: encodeUuid(deriveGuid(identity.uuid, "disk")).readUInt32LE(0),
    partitions: placed.map((partition) => ({
      type: partition.plan.type,
      active: partition.plan.active ?? false,
      ...toSectors(partition),
    })),
    ...(plan.bootCode === undefined ? {} : { bootCode: plan.bootCode }),
  });
  return [{ offset: 0, bytes: table }, ...fillPartitions(placed, identity)];
}

function toSectors(partition: PlacedPartition<unknown>): {
  firstSector: number;
  sectorCount: number;
} {
  return {
    firstSector: partition.startBytes / SECTOR_BYTES,
    sectorCount: partition.lengthBytes / SECTOR_BYTES,
  };
}

function fillPartitions(
  placed: readonly PlacedPartition<PlannedPartition>[],
  identity: DiskIdentity,
): Extent[] {
  return placed.flatMap(({ plan, startBytes, lengthBytes }, index) => {
    const seed = deriveGuid(identity.uuid, `content ${index}`);
    const { createdAt } = identity;
    return moveExtents(plan.content({ startBytes, lengthBytes, seed, createdAt }), startBytes);
  });
}
