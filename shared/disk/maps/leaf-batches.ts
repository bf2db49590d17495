import type { Piece } from "./block-source.ts";
import type { TableReader } from "./table-reader.ts";
import { type Leaf, type TwoLevels, walkLeaves } from "./walk-table.ts";

/** The part of a table of the second level that a map needs. */
export interface LeafPart {
  /** Where the table is in the file, and its bytes. */
  readonly offset: number;
  readonly view: DataView;
  /** Guest offset of the table's first entry. */
  readonly guestOffset: number;
  /** Entries, the end excluded. */
  readonly start: number;
  readonly end: number;
}

/** A disk in blocks of one size, each with an entry in a table of the second level. */
export interface LeafBlocks {
  readonly levels: TwoLevels;
  readonly blockBytes: number;
  /** Entries of one table. */
  readonly blocksPerLeaf: number;
  readonly virtualBytes: number;
  /** The pieces of the entries of one table. */
  readonly readLeaf: (part: LeafPart) => Iterable<Piece>;
}

/**
 * The pieces of a disk from the block that holds guest byte `from`, one batch for each table of the
 * second level: zeros where there is no table, otherwise the table and the pieces of its entries.
 * @throws RefusedDiskError for a table that is not where it may be
 */
export async function* leafBatches(
  tables: TableReader,
  blocks: LeafBlocks,
  from: number,
): AsyncGenerator<Iterable<Piece>> {
  const { levels, blockBytes, blocksPerLeaf, virtualBytes } = blocks;
  const first = Math.floor(from / blockBytes);
  const firstLeaf = Math.floor(first / blocksPerLeaf);
  for await (const leaf of walkLeaves(tables, levels, firstLeaf)) {
    const start = leaf.index === firstLeaf ? first % blocksPerLeaf : 0;
    const guestOffset = leaf.index * blocksPerLeaf * blockBytes;
    const end = Math.min(blocksPerLeaf, Math.ceil((virtualBytes - guestOffset) / blockBytes));
    yield readPart(blocks, leaf, { guestOffset, start, end });
  }
}

function* readPart(
  { levels, blockBytes, readLeaf }: LeafBlocks,
  { offset, view }: Leaf,
  part: Pick<LeafPart, "guestOffset" | "start" | "end">,
): Generator<Piece> {
  if (view === null) {
    const { guestOffset, start, end } = part;
    const length = (end - start) * blockBytes;
    yield { kind: "zero", guestOffset: guestOffset + start * blockBytes, length };
    return;
  }
  yield { kind: "table", fileOffset: offset, length: levels.leafBytes };
  yield* readLeaf({ offset, view, ...part });
}
