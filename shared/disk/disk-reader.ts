/** Random access to a disk image, wherever it is. */
export interface DiskReader {
  /** Bytes of the whole blob or file, a VHD's footer included. */
  readonly length: number;
  /** Exactly `count` bytes from `offset`; only called for ranges within `length`. */
  read(offset: number, count: number): Promise<Uint8Array>;
  /**
   * Whether anything was ever written before `end`, bytes from the start, where the store can tell
   * without reading it (page ranges). Null, and absent, where it cannot.
   */
  isWritten?(end: number): Promise<boolean | null>;
  /**
   * Where the store was written from `offset` on, ascending and merged, the first `limit` ranges; what is
   * between them is zero. Null, and absent, where it cannot tell.
   */
  listWritten?(offset: number, limit: number): Promise<WrittenRanges | null>;
}

/** A stretch of bytes that was written. */
export interface WrittenRange {
  readonly offset: number;
  readonly count: number;
}

/** Some of what was written, and whether there is more behind it. */
export interface WrittenRanges {
  readonly ranges: readonly WrittenRange[];
  readonly hasMore: boolean;
}

/** What one inspection may cost, whatever the size of the disk and whatever is written on it. */
export const READ_LIMITS = { reads: 12, bytes: 256 * 1024 } as const;

/** Thrown when a reader breaks its contract: an invalid length, or not the bytes that were requested. */
export class DiskReadError extends Error {
  override readonly name = "DiskReadError";
}

/** A reader that cannot be made to read more than {@link READ_LIMITS}. */
export interface LimitedReader {
  readonly length: number;
  /**
   * Bytes from `offset`: `count` of them, fewer at the end of the disk. Null when the range does not
   * begin on the disk or the budget does not cover it. What was read before costs nothing.
   * @throws DiskReadError when the reader below gives something else; its own errors pass unchanged.
   */
  read(offset: number, count: number): Promise<Uint8Array | null>;
  /** Whether anything was ever written before `end`; it counts as a read. Null where nobody can tell. */
  isWritten(end: number): Promise<boolean | null>;
  /** Reads and bytes so far. */
  spent(): { readonly reads: number; readonly bytes: number };
}

interface Piece {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/**
 * Puts the limits around a reader. Every offset and count may come from the disk itself, so they are
 * checked here and nowhere else.
 * @throws DiskReadError when the reader's length is invalid.
 */
export function limitReader(reader: DiskReader): LimitedReader {
  const { length } = reader;
  if (!Number.isSafeInteger(length) || length < 0) {
    throw new DiskReadError(`the disk's length is ${length}, which is not a number of bytes`);
  }
  const pieces: Piece[] = [];
  let reads = 0;
  let bytes = 0;
  return {
    length,
    spent: () => ({ reads, bytes }),
    isWritten: async (end) => {
      if (reader.isWritten === undefined || reads + 1 > READ_LIMITS.reads) return null;
      reads += 1;
      return reader.isWritten(end);
    },
    read: async (offset, count) => {
      const isOnDisk = Number.isSafeInteger(offset) && offset >= 0 && offset < length;
      if (!isOnDisk || !Number.isSafeInteger(count) || count <= 0) return null;
      const wanted = Math.min(count, length - offset);
      const known = findPiece(pieces, offset, wanted);
      if (known !== null) return known;
      if (reads + 1 > READ_LIMITS.reads || bytes + wanted > READ_LIMITS.bytes) return null;
      // Counted before the first await, so that reads in parallel cannot overdraw together.
      reads += 1;
      bytes += wanted;
      const read = await reader.read(offset, wanted);
      if (read.length !== wanted) {
        throw new DiskReadError(
          `requested ${wanted} bytes at offset ${offset}, received ${read.length}: the source is shorter than its length, or the read ended early`,
        );
      }
      // A Buffer's own methods differ, `slice` among them: what follows sees plain bytes.
      const plain = new Uint8Array(read.buffer, read.byteOffset, read.length);
      pieces.push({ offset, bytes: plain });
      return plain;
    },
  };
}

function findPiece(pieces: readonly Piece[], offset: number, count: number): Uint8Array | null {
  const piece = pieces.find(
    (known) => known.offset <= offset && offset + count <= known.offset + known.bytes.length,
  );
  return piece?.bytes.subarray(offset - piece.offset, offset - piece.offset + count) ?? null;
}
