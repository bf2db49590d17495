import { DiskReadError, type DiskReader } from "../disk-reader.ts";
import { FOOTER_BYTES } from "../format/footer.ts";
import type { Codec, CompressedExtent, DiskMap, Extent } from "./extent.ts";

/** One block, packed. */
export interface PackedBlock {
  readonly codec: Codec;
  /** The packed bytes, perhaps with others after them. */
  readonly bytes: Uint8Array;
  /** Byte of the disk at which the block begins: some formats store it with the block. */
  readonly guestOffset: number;
  /** The most that may come out. */
  readonly unpackedLength: number;
}

/** Unpacks one block; throws for one that is damaged, and never gives more than `unpackedLength` bytes. */
export type Unpack = (block: PackedBlock) => Uint8Array;

/**
 * The disk of a map as the fixed VHD that it becomes, footer included: `paddedBytes` and 512 more.
 * For the inspection and for checks; a conversion goes through the extents.
 * @throws RefusedDiskError, DiskReadError, what `unpack` throws, and the reader's own errors.
 */
export function readAsFixedVhd(
  map: DiskMap,
  reader: DiskReader,
  unpack: Unpack,
  footer: Uint8Array,
): DiskReader {
  const { paddedBytes } = map;
  return {
    length: paddedBytes + FOOTER_BYTES,
    async read(offset, count) {
      const result = new Uint8Array(count);
      const diskEnd = Math.min(offset + count, paddedBytes);
      if (offset < diskEnd) {
        for await (const extent of map.extents(offset)) {
          if (extent.guestOffset >= diskEnd) break;
          await readExtent(extent, reader, unpack, { offset, end: diskEnd }, result);
        }
      }
      const footerFrom = Math.max(0, offset - paddedBytes);
      if (offset + count > paddedBytes) {
        const part = footer.subarray(footerFrom, offset + count - paddedBytes);
        result.set(part, Math.max(0, paddedBytes - offset));
      }
      return result;
    },
  };
}

/** Bytes of the disk, the end excluded. */
interface Wanted {
  readonly offset: number;
  readonly end: number;
}

async function readExtent(
  extent: Extent,
  reader: DiskReader,
  unpack: Unpack,
  { offset, end }: Wanted,
  result: Uint8Array,
): Promise<void> {
  const from = Math.max(offset, extent.guestOffset);
  const to = Math.min(end, extent.guestOffset + extent.length);
  if (extent.kind === "zero" || from >= to) return;
  const skipped = from - extent.guestOffset;
  if (extent.kind === "copy") {
    result.set(await readFully(reader, extent.fileOffset + skipped, to - from), from - offset);
  } else {
    const block = await readCompressed(extent, reader, unpack);
    result.set(block.subarray(skipped, skipped + to - from), from - offset);
  }
}

/** The unpacked bytes of a compressed extent, `length` of them. */
export async function readCompressed(
  extent: CompressedExtent,
  reader: DiskReader,
  unpack: Unpack,
): Promise<Uint8Array> {
  const { codec, guestOffset, length, unpackedLength } = extent;
  const bytes = await readFully(reader, extent.fileOffset, extent.fileLength);
  const unpacked = unpack({ codec, bytes, guestOffset, unpackedLength });
  if (unpacked.length < length) {
    throw new DiskReadError(
      `the block at byte ${extent.fileOffset} of the file unpacks to ${unpacked.length} bytes, not ${length}`,
    );
  }
  return unpacked.subarray(0, length);
}

async function readFully(reader: DiskReader, offset: number, count: number): Promise<Uint8Array> {
  const bytes = await reader.read(offset, count);
  if (bytes.length === count) return bytes;
  throw new DiskReadError(
    `requested ${count} bytes at offset ${offset}, received ${bytes.length}: the source changed or the read ended early`,
  );
}
