import { ok } from "node:assert/strict";
import fc from "fast-check";
import {
  type Extent,
  readImage,
  SAMPLE_NAMES,
  type SampleName,
  type SparseImage,
} from "../../local/sample-vhds/index.ts";
import { READ_LIMITS } from "../../shared/disk/disk-reader.ts";
import { inspectDisk } from "../../shared/disk/inspect-disk.ts";
import { sample } from "../unit/shared/disk/disk-readers.ts";
import { defineTarget } from "./target.ts";

interface Patch {
  /** Which extent of the image, and where in it; both count round. */
  readonly extent: number;
  readonly at: number;
  readonly bytes: Uint8Array;
}

export interface DiskCase {
  readonly name: SampleName;
  readonly role: "os" | "data";
  readonly patches: readonly Patch[];
  /** Length that the blob has, if it is not that of the disk. */
  readonly length: number | null;
}

/** Numbers at which lengths, offsets and counts break, as they stand on disks. */
const numbers = fc
  .constantFrom(0n, 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n)
  .map((value) => {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, value, true);
    return bytes;
  });

const patches = fc.record<Patch>({
  extent: fc.nat(40),
  at: fc.nat(4_096),
  bytes: fc.oneof(numbers, fc.uint8Array({ minLength: 1, maxLength: 64 })),
});

export const diskCases = fc.record<DiskCase>({
  name: fc.constantFrom(...SAMPLE_NAMES),
  role: fc.constantFrom("os", "data"),
  patches: fc.array(patches, { maxLength: 6 }),
  length: fc.option(fc.oneof(fc.nat(2_000_000), fc.constantFrom(2 ** 40, 2 ** 53 - 1))),
});

/** Whatever is written on a disk, inspecting it ends with a finding, within the budget of reads. */
export async function checkDisk(one: DiskCase): Promise<void> {
  const { role } = one;
  const image = damagedImage(one);
  let reads = 0;
  let total = 0;
  const read = async (offset: number, count: number): Promise<Uint8Array> => {
    ok(
      offset >= 0 && count > 0 && offset + count <= image.sizeBytes,
      `${count} bytes at ${offset}`,
    );
    reads += 1;
    total += count;
    return readImage(image, offset, count);
  };
  const finding = await inspectDisk({ length: image.sizeBytes, read }, { role });
  ok(reads <= READ_LIMITS.reads, `${reads} reads`);
  ok(total <= READ_LIMITS.bytes, `${total} bytes`);
  ok(JSON.stringify(finding).length < 32 * 1024, "the finding does not fit into a record");
}

/** The disk of a case. */
export function damagedImage({ name, patches: given, length }: DiskCase): SparseImage {
  const damaged = given.reduce(applyPatch, imageOf(name));
  return length === null ? damaged : resize(damaged, length);
}

const images = new Map<SampleName, SparseImage>();

function imageOf(name: SampleName): SparseImage {
  const image = images.get(name) ?? sample(name);
  images.set(name, image);
  return image;
}

/** The image with a patch; the extents that it does not touch are shared, not copied. */
function applyPatch(image: SparseImage, { extent, at, bytes }: Patch): SparseImage {
  const index = extent % Math.max(1, image.extents.length);
  const place = image.extents[index];
  if (place === undefined) return image;
  const copy = Uint8Array.from(place.bytes);
  const start = at % copy.length;
  copy.set(bytes.subarray(0, copy.length - start), start);
  return { ...image, extents: image.extents.with(index, { ...place, bytes: copy }) };
}

/** The image cut off, or with a hole at its end. */
function resize(image: SparseImage, sizeBytes: number): SparseImage {
  const extents = image.extents.flatMap((extent): Extent[] => {
    const room = sizeBytes - extent.offset;
    return room <= 0 ? [] : [{ ...extent, bytes: extent.bytes.subarray(0, room) }];
  });
  return { sizeBytes, extents };
}

export const partitionTables = defineTarget("partition tables", diskCases, checkDisk);
