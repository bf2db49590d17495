import { buildDisk, type DiskIdentity } from "./disk.ts";
import { DISK_PLANS, type DiskPlanName } from "./disk-plans.ts";
import { buildDynamicVhd } from "./dynamic.ts";
import { buildFixedVhd } from "./fixed.ts";
import { FOOTER_BYTES } from "./footer.ts";
import { createSparseImage, type SparseImage } from "./sparse-image.ts";
import { SECTOR_BYTES } from "./units.ts";
import { buildVhdx } from "./vhdx.ts";

export type SampleOptions = DiskIdentity & {
  /** Length of file data on the disk in bytes; none unless given. */
  readonly payloadBytes?: number;
};

type SampleBuilder = (options: SampleOptions) => SparseImage;

const BROKEN_SAMPLES = {
  /** A dynamic VHD: right in itself, but Azure takes fixed ones only. */
  "broken-dynamic": (options) => buildDynamicVhd(buildLinuxDisk(options), options),
  /** A fixed VHD with one bit of the footer's checksum flipped. */
  "broken-checksum": (options) => flipChecksumBit(buildFixedVhd(buildLinuxDisk(options), options)),
  /** A fixed VHD three sectors longer than requested, so that its size is not a multiple of 1 MiB. */
  "broken-size": (options) => {
    const virtualSizeBytes = options.virtualSizeBytes + 3 * SECTOR_BYTES;
    const longer = { ...options, virtualSizeBytes };
    return buildFixedVhd(buildLinuxDisk(longer), longer);
  },
  /** A raw disk that only bears the name of a VHD. */
  "broken-no-footer": buildLinuxDisk,
} as const satisfies Record<string, SampleBuilder>;

export type SampleName = DiskPlanName | keyof typeof BROKEN_SAMPLES;

/** Every sample by name: proper disks first, broken ones after them. */
export const SAMPLE_NAMES: readonly SampleName[] = [
  ...keysOf(DISK_PLANS),
  ...keysOf(BROKEN_SAMPLES),
];

/**
 * Returns the named sample. The same options give the same bytes.
 *
 * @throws {DiskTooSmallError} if `virtualSizeBytes` does not hold its partitions.
 */
export function buildSampleVhd(name: SampleName, options: SampleOptions): SparseImage {
  if (isBroken(name)) return BROKEN_SAMPLES[name](options);
  const plan = DISK_PLANS[name](options.payloadBytes ?? 0);
  return buildFixedVhd(buildDisk(plan, options), options);
}

/** Returns the disk of the Linux sample as a dynamic VHDX. The same options give the same bytes. */
export function buildSampleVhdx(options: SampleOptions): SparseImage {
  return buildVhdx(buildLinuxDisk(options), options);
}

function buildLinuxDisk(options: SampleOptions): SparseImage {
  return buildDisk(DISK_PLANS["linux-gen2"](options.payloadBytes ?? 0), options);
}

function flipChecksumBit(vhd: SparseImage): SparseImage {
  const footerOffset = vhd.sizeBytes - FOOTER_BYTES;
  const extents = vhd.extents.map((extent) => {
    if (extent.offset !== footerOffset) return extent;
    const bytes = Buffer.from(extent.bytes);
    bytes.writeUInt8(bytes.readUInt8(67) ^ 1, 67);
    return { offset: footerOffset, bytes };
  });
  return createSparseImage(vhd.sizeBytes, extents);
}

function isBroken(name: SampleName): name is keyof typeof BROKEN_SAMPLES {
  return name in BROKEN_SAMPLES;
}

function keysOf<Key extends string>(record: Readonly<Record<Key, unknown>>): Key[] {
  return Object.keys(record) as Key[];
}
