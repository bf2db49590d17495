import {
  buildSampleVhd,
  readImage,
  type SampleName,
  type SparseImage,
} from "../../../../local/sample-vhds/index.ts";
import type { DiskReader } from "../../../../shared/disk/disk-reader.ts";
import { inspectDisk } from "../../../../shared/disk/inspect-disk.ts";
import { NOW } from "../../../factories.ts";

export const MIB = 1024 * 1024;
export const GIB = 1024 * MIB;

/** A reader over an image in memory, with a list of what was read. */
export function readerOf(image: SparseImage): DiskReader & { readonly reads: [number, number][] } {
  const reads: [number, number][] = [];
  return {
    length: image.sizeBytes,
    reads,
    read: async (offset, count) => {
      reads.push([offset, count]);
      return readImage(image, offset, count);
    },
  };
}

/** A reader over bytes, for files that are not images. */
export function readerOfBytes(bytes: Uint8Array, length = bytes.length) {
  return readerOf({ sizeBytes: length, extents: [{ offset: 0, bytes }] });
}

/** A sample VHD of 2 GiB. */
export function sample(name: SampleName): SparseImage {
  const uuid = "8f14e45f-ceea-467f-9575-6f1c6f4b3a10";
  return buildSampleVhd(name, { virtualSizeBytes: 2 * GIB, uuid, createdAt: NOW });
}

/** The image with bytes written over those that are there; holes stay holes. */
export function overwrite(image: SparseImage, offset: number, bytes: Uint8Array): SparseImage {
  const extents = image.extents.map((extent) => {
    const copy = Uint8Array.from(extent.bytes);
    const from = Math.max(offset, extent.offset);
    const to = Math.min(offset + bytes.length, extent.offset + copy.length);
    if (from < to) copy.set(bytes.subarray(from - offset, to - offset), from - extent.offset);
    return { offset: extent.offset, bytes: copy };
  });
  return { sizeBytes: image.sizeBytes, extents };
}

/** Inspects an image as an OS disk. */
export function inspect(image: SparseImage, role: "os" | "data" = "os") {
  return inspectDisk(readerOf(image), { role });
}
