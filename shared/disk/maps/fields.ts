import { MIB, viewOf } from "../bytes.ts";
import { refuse, refuseCut, refuseDamaged } from "./refusal.ts";
import { SOURCE_FORMATS, type SourceFormat } from "./source-format.ts";
import type { TableReader } from "./table-reader.ts";

/** The largest disk that is mapped: what VHDX can describe. */
export const MAX_VIRTUAL_BYTES = 64 * 1024 * 1024 * MIB;

/**
 * An unsigned 64-bit number. Above 2^53 it is only near the right one, and above the length of any file:
 * compare before use.
 */
export function readU64(view: DataView, offset: number, littleEndian: boolean): number {
  const first = view.getUint32(offset, littleEndian);
  const second = view.getUint32(offset + 4, littleEndian);
  return littleEndian ? second * 2 ** 32 + first : first * 2 ** 32 + second;
}

/** Whether a number is a power of two from `least` to `most`. */
export function isPowerOfTwo(value: number, least: number, most: number): boolean {
  return value >= least && value <= most && 2 ** Math.round(Math.log2(value)) === value;
}

/** A part of the file that its header names; refused where it is not in the file. */
export async function readPart(
  tables: TableReader,
  format: SourceFormat,
  part: { readonly offset: number; readonly count: number; readonly what: string },
): Promise<DataView> {
  requireInside(tables, format, part);
  const bytes = await tables.read(part.offset, part.count);
  // Inside the file, so only a count above the bound of a read remains: a mistake in this folder.
  if (bytes === null) throw new Error(`${part.count} bytes of ${part.what} in one read`);
  return viewOf(bytes);
}

/** Refuses a part that is not in the file as a whole. */
export function requireInside(
  { length }: { readonly length: number },
  format: SourceFormat,
  {
    offset,
    count,
    what,
  }: { readonly offset: number; readonly count: number; readonly what: string },
): void {
  if (offset + count <= length) return;
  refuseCut(
    format,
    `has ${what} at byte ${offset}, ${count} bytes long, but the file ends after ${length} bytes`,
    Math.min(offset, length),
  );
}

/** Refuses a size that no disk has, or one that is too large. Returns it otherwise. */
export function checkVirtualBytes(format: SourceFormat, bytes: number, offset: number): number {
  if (bytes <= 0) refuseDamaged(format, "contains a disk of 0 bytes", offset);
  if (bytes > MAX_VIRTUAL_BYTES) {
    refuse(
      "too-large",
      `is ${SOURCE_FORMATS[format].what} with a virtual size of ${bytes} bytes, above the limit of ${MAX_VIRTUAL_BYTES} bytes (64 TiB)`,
      offset,
      "Check the file: 'qemu-img info SOURCE'. Shrink the disk: an Azure OS disk has at most 4,095 GiB.",
    );
  }
  return bytes;
}
