import { hasBytesAt } from "../bytes.ts";

/** The parts of a partition, or of a whole disk, that were read. Offsets in bytes from its start. */
export interface VolumeView {
  /** Bytes of the whole volume. */
  readonly size: number;
  /** The bytes from `offset`; null where not all of them were read. */
  slice(offset: number, count: number): Uint8Array | null;
}

/** Bytes that were read, and where. */
export interface VolumePiece {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** A view of a volume through these pieces; what lies across two of them is not seen. */
export function viewVolume(size: number, pieces: readonly VolumePiece[]): VolumeView {
  return {
    size,
    slice: (offset, count) => {
      const piece = pieces.find(
        (known) => known.offset <= offset && offset + count <= known.offset + known.bytes.length,
      );
      return piece?.bytes.subarray(offset - piece.offset, offset - piece.offset + count) ?? null;
    },
  };
}

/** Whether the text (Latin-1) or the bytes stand at `offset`; false where that was not read. */
export function standsAt(
  view: VolumeView,
  offset: number,
  expected: string | readonly number[],
): boolean {
  const bytes = view.slice(offset, expected.length);
  return bytes !== null && hasBytesAt(bytes, 0, expected);
}
