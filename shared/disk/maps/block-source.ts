import type { Extent, FileRange } from "./extent.ts";
import type { SourceFormat } from "./source-format.ts";

/** A table that is found on the way. */
export interface TablePiece {
  readonly kind: "table";
  readonly fileOffset: number;
  readonly length: number;
}

/** What a format's reader hands over, before it is checked, cut to the disk and joined. */
export type Piece = Extent | TablePiece;

/** A file of one format, its header read and checked. */
export interface BlockSource {
  readonly format: SourceFormat;
  readonly virtualBytes: number;
  /** What is in the file besides the disk's bytes, as far as the header says. */
  readonly reserved: readonly FileRange[];
  /**
   * The pieces from the block that holds guest byte `from`, in order, without a gap. The last one may
   * reach over the end of the disk. One batch for each piece of a table.
   */
  batches(from: number): AsyncIterable<Iterable<Piece>>;
}
