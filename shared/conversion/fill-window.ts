import { isBlank, SECTOR_BYTES } from "../disk/bytes.ts";
import { DiskReadError, type DiskReader } from "../disk/disk-reader.ts";
import type { CompressedExtent, CopyExtent } from "../disk/maps/extent.ts";
import { unpackBlock } from "../unpack.ts";
import { fileLengthOf, type WindowCall } from "./plan-calls.ts";

/** Ranges of the file that are this near to each other are read at once. */
const MAX_GAP_BYTES = 64 * 1024;
/** The most that one read gets: two windows' worth of packed bytes. */
const MAX_READ_BYTES = 8 * 1024 * 1024;
/** Zero pages in a row that split what is written in two; fewer are cheaper to write. */
const MIN_SKIPPED_BYTES = 64 * 1024;

/** Pages to write, from a byte of the disk on. */
export interface Pages {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/**
 * Reads and unpacks a window, and returns its pages without long stretches of zeros. The last page of a
 * disk that ends in the middle of one is filled up with zeros.
 * @throws UnpackError for a damaged block, DiskReadError, and the reader's own errors.
 */
export async function fillWindow(call: WindowCall, reader: DiskReader): Promise<readonly Pages[]> {
  const start = call.from - (call.from % SECTOR_BYTES);
  const bytes = new Uint8Array(Math.ceil((call.to - start) / SECTOR_BYTES) * SECTOR_BYTES);
  for (const group of groupReads(call.extents)) {
    const from = group[0]?.fileOffset ?? 0;
    const end = Math.max(...group.map((extent) => extent.fileOffset + fileLengthOf(extent)));
    const read = await reader.read(from, end - from);
    if (read.length !== end - from) {
      throw new DiskReadError(`the source ended within ${end - from} bytes at offset ${from}`);
    }
    for (const extent of group) {
      const at = extent.fileOffset - from;
      const content = contentOf(extent, read.subarray(at, at + fileLengthOf(extent)));
      bytes.set(content, extent.guestOffset - start);
    }
  }
  return cutZeros({ offset: start, bytes });
}

/** Extents by the order of the file, those near each other in one group. */
function groupReads(
  extents: readonly (CopyExtent | CompressedExtent)[],
): readonly (readonly (CopyExtent | CompressedExtent)[])[] {
  const groups: (CopyExtent | CompressedExtent)[][] = [];
  let start = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const extent of extents.toSorted((a, b) => a.fileOffset - b.fileOffset)) {
    const extentEnd = extent.fileOffset + fileLengthOf(extent);
    const isNear = extent.fileOffset - end <= MAX_GAP_BYTES && extentEnd - start <= MAX_READ_BYTES;
    const group = groups.at(-1);
    if (isNear && group !== undefined) group.push(extent);
    else {
      groups.push([extent]);
      start = extent.fileOffset;
    }
    end = isNear ? Math.max(end, extentEnd) : extentEnd;
  }
  return groups;
}

function contentOf(extent: CopyExtent | CompressedExtent, bytes: Uint8Array): Uint8Array {
  if (extent.kind === "copy") return bytes;
  const { codec, guestOffset, unpackedLength, length } = extent;
  const unpacked = unpackBlock({ codec, bytes, guestOffset, unpackedLength });
  if (unpacked.length < length) {
    throw new DiskReadError(
      `the block at byte ${extent.fileOffset} of the file unpacks to ${unpacked.length} bytes, not ${length}`,
    );
  }
  return unpacked.subarray(0, length);
}

/** The parts between long stretches of zeros. */
function cutZeros({ offset, bytes }: Pages): readonly Pages[] {
  const parts: Pages[] = [];
  let from: number | null = null;
  let end = 0;
  for (let at = 0; at < bytes.length; at += SECTOR_BYTES) {
    if (isBlank(bytes.subarray(at, at + SECTOR_BYTES))) continue;
    if (from !== null && at - end >= MIN_SKIPPED_BYTES) {
      parts.push({ offset: offset + from, bytes: bytes.subarray(from, end) });
      from = at;
    }
    from ??= at;
    end = at + SECTOR_BYTES;
  }
  if (from !== null) parts.push({ offset: offset + from, bytes: bytes.subarray(from, end) });
  return parts;
}
