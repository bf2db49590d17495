/** A run of bytes at an absolute position of an image. Everything outside all extents is zero. */
export type Extent = {
  /** Position in bytes from the start of the image. */
  readonly offset: number;
  readonly bytes: Uint8Array;
};

/**
 * A disk image described by its length and its non-zero parts, so that an image of many gigabytes
 * costs only a few kilobytes of memory.
 */
export type SparseImage = {
  /** Length in bytes, holes included. */
  readonly sizeBytes: number;
  /** Sorted by offset, without overlaps. */
  readonly extents: readonly Extent[];
};

/** Two extents overlap, or one reaches over the end of its image. */
export class ExtentError extends Error {
  override readonly name = "ExtentError";
}

/**
 * Returns an image with the given extents in order of their offset.
 *
 * @throws {ExtentError} if extents overlap or leave the image.
 */
export function createSparseImage(sizeBytes: number, extents: readonly Extent[]): SparseImage {
  const sorted = extents
    .filter((extent) => extent.bytes.length > 0)
    .toSorted((a, b) => a.offset - b.offset);
  let end = 0;
  for (const extent of sorted) {
    if (extent.offset < end) {
      throw new ExtentError(`extent at byte ${extent.offset} overlaps one that ends at ${end}`);
    }
    end = extent.offset + extent.bytes.length;
  }
  if (end > sizeBytes) {
    throw new ExtentError(`extents end at byte ${end}, the image at ${sizeBytes}`);
  }
  return { sizeBytes, extents: sorted };
}

/** Returns the extents moved by `distance` bytes. */
export function moveExtents(extents: readonly Extent[], distance: number): Extent[] {
  return extents.map(({ offset, bytes }) => ({ offset: offset + distance, bytes }));
}

/** Returns `length` bytes of the image from `offset`, holes filled with zeros. */
export function readImage(image: SparseImage, offset: number, length: number): Uint8Array {
  const result = new Uint8Array(length);
  for (let index = findFirst(image, offset); index < image.extents.length; index += 1) {
    const extent = image.extents[index];
    if (extent === undefined || extent.offset >= offset + length) break;
    const start = Math.max(offset, extent.offset);
    const end = Math.min(offset + length, extent.offset + extent.bytes.length);
    const part = extent.bytes.subarray(start - extent.offset, end - extent.offset);
    result.set(part, start - offset);
  }
  return result;
}

/** Index of the first extent that ends after `offset`, by halving. */
function findFirst({ extents }: SparseImage, offset: number): number {
  let low = 0;
  let high = extents.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const extent = extents[middle];
    if (extent !== undefined && extent.offset + extent.bytes.length <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Returns in ascending order the numbers of the blocks of `blockBytes` bytes that extents reach into. */
export function listUsedBlocks({ extents }: SparseImage, blockBytes: number): number[] {
  const used = new Set<number>();
  for (const { offset, bytes } of extents) {
    const last = Math.floor((offset + bytes.length - 1) / blockBytes);
    for (let block = Math.floor(offset / blockBytes); block <= last; block++) used.add(block);
  }
  return [...used].toSorted((a, b) => a - b);
}
