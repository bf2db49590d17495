import type { BlockSource, Piece } from "./block-source.ts";
import { FileRanges } from "./file-ranges.ts";
import { refuseCut, refuseDamaged } from "./refusal.ts";

/** Checks each piece against the file and against all pieces before it. */
export interface RangeGuard {
  /** @throws RefusedDiskError when the piece is not in the file, or not the only one there. */
  admit(piece: Piece): void;
  /** File offset from which pieces were not compared any more; infinite when all were. */
  readonly end: number;
}

/**
 * A guard over the ranges of a file from `start` on. However the tables were made, what it has admitted
 * to be copied is never more than the file has.
 */
export function createRangeGuard(
  { format, reserved }: BlockSource,
  fileLength: number,
  start = 0,
): RangeGuard {
  const ranges = new FileRanges(start);
  for (const { start: from, end } of reserved) ranges.take(from, end);
  let copied = 0;

  const take = (offset: number, length: number, subject: string): void => {
    const conflict = ranges.take(offset, offset + length);
    if (conflict === null) return;
    const table = reserved.find(
      ({ start: from, end }) => from <= conflict.offset && conflict.offset < end,
    );
    const other = table?.what ?? "another part of the disk or a table";
    refuseDamaged(
      format,
      `stores ${subject} at byte ${offset} of the file, where ${other} is stored too`,
      conflict.offset,
    );
  };

  return {
    get end() {
      return ranges.end;
    },
    admit(piece) {
      if (piece.kind === "zero") return;
      const { fileOffset } = piece;
      const length = piece.kind === "compressed" ? piece.ownLength : piece.length;
      const subject =
        piece.kind === "table" ? "a table" : `the disk's bytes from ${piece.guestOffset} on`;
      if (fileOffset + length > fileLength) {
        refuseCut(
          format,
          `stores ${subject} at bytes ${fileOffset} to ${fileOffset + length} of the file, which ends after ${fileLength} bytes`,
          Math.min(fileOffset, fileLength),
        );
      }
      take(fileOffset, length, subject);
      if (piece.kind !== "copy") return;
      copied += length;
      if (copied > fileLength) {
        refuseDamaged(
          format,
          `refers in its tables to more bytes than the file has: over ${fileLength}`,
          fileOffset,
        );
      }
    },
  };
}
