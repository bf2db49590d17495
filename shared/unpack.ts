import { constants, inflateRawSync, inflateSync, zstdDecompressSync } from "node:zlib";
import { SECTOR_BYTES, viewOf } from "./disk/bytes.ts";
import type { Codec } from "./disk/maps/extent.ts";
import type { PackedBlock } from "./disk/maps/map-reader.ts";
import { measureZstdFrame } from "./disk/maps/zstd-frame.ts";

/** Thrown for a block of a disk that cannot be decompressed. */
export class UnpackError extends Error {
  override readonly name = "UnpackError";
}

/** LBA of the grain, and the number of its bytes. */
const GRAIN_HEADER_BYTES = 12;

const CODECS: Readonly<Record<Codec, (block: PackedBlock) => Uint8Array>> = {
  // The end of the data is known only from the data: what follows is another cluster's.
  deflate: ({ bytes, unpackedLength }) =>
    inflateRawSync(bytes, { maxOutputLength: unpackedLength, finishFlush: constants.Z_SYNC_FLUSH }),
  zstd: ({ bytes, unpackedLength }) => {
    const length = measureZstdFrame(bytes);
    if (length === null) throw new UnpackError("not a whole Zstandard frame");
    return zstdDecompressSync(bytes.subarray(0, length), { maxOutputLength: unpackedLength });
  },
  "vmdk-grain": ({ bytes, guestOffset, unpackedLength }) => {
    if (bytes.length < GRAIN_HEADER_BYTES) throw new UnpackError("the grain is cut short");
    const view = viewOf(bytes);
    const sector = view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true);
    if (sector * SECTOR_BYTES !== guestOffset) {
      throw new UnpackError(`the grain is that of sector ${sector}`);
    }
    const size = view.getUint32(8, true);
    if (GRAIN_HEADER_BYTES + size > bytes.length) throw new UnpackError("the grain is cut short");
    const packed = bytes.subarray(GRAIN_HEADER_BYTES, GRAIN_HEADER_BYTES + size);
    return inflateSync(packed, { maxOutputLength: unpackedLength });
  },
};

/**
 * Decompresses one block of a disk; never more than `unpackedLength` bytes come out.
 * @throws UnpackError when the block is damaged.
 */
export function unpackBlock(block: PackedBlock): Uint8Array {
  try {
    return CODECS[block.codec](block);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UnpackError(
      `the compressed block at byte ${block.guestOffset} of the disk is damaged: ${reason}`,
      { cause },
    );
  }
}
