import { viewOf } from "../bytes.ts";
import type { TableReader } from "./table-reader.ts";

/** Bytes of a table that the first read takes; each further one takes twice as many. */
const FIRST_PIECE_BYTES = 64 * 1024;
const MAX_PIECE_BYTES = 1024 * 1024;

/** A piece of a table. */
export interface TableSlice {
  /** Index of its first entry. */
  readonly first: number;
  readonly count: number;
  readonly view: DataView;
  /** Where the piece begins in the file. */
  readonly offset: number;
}

/** A table of numbers of one size. */
export interface EntryTable {
  readonly offset: number;
  readonly entryBytes: number;
  /** Entries that are in use. */
  readonly count: number;
}

/**
 * The entries of a table from `first` on, in pieces: small ones first, because many a reader wants only
 * a few entries. The table must be inside the file.
 */
export async function* walkTable(
  tables: TableReader,
  { offset, entryBytes, count }: EntryTable,
  first: number,
): AsyncGenerator<TableSlice> {
  let pieceBytes = FIRST_PIECE_BYTES;
  for (let next = first; next < count; ) {
    const entries = Math.min(pieceBytes / entryBytes, count - next);
    const start = offset + next * entryBytes;
    const bytes = await tables.read(start, entries * entryBytes);
    if (bytes === null) throw new Error(`a table at byte ${start} is outside the file`);
    yield { first: next, count: entries, view: viewOf(bytes), offset: start };
    next += entries;
    pieceBytes = Math.min(2 * pieceBytes, MAX_PIECE_BYTES);
  }
}

/** A table whose entries name tables. */
export interface TwoLevels {
  readonly top: EntryTable;
  /** Bytes of a table of the second level. */
  readonly leafBytes: number;
  /** Byte of the file at which an entry's table begins; 0 for none. */
  readonly leafAt: (slice: TableSlice, index: number) => number;
  /** Refuses an entry whose table is not where it may be. `at` is the entry's own place in the file. */
  readonly checkLeaf: (leaf: number, at: number) => void;
}

/** A table of the second level. */
export interface Leaf {
  /** Index of its entry in the first level. */
  readonly index: number;
  /** Where it is in the file; 0 when there is none. */
  readonly offset: number;
  /** Null when there is none. */
  readonly view: DataView | null;
}

/** The second level's tables from the one of entry `first` on. Those side by side are read at once. */
export async function* walkLeaves(
  tables: TableReader,
  levels: TwoLevels,
  first: number,
): AsyncGenerator<Leaf> {
  const { top, leafBytes } = levels;
  // A single table first: many a reader wants no more than that.
  let ahead = 1;
  for await (const slice of walkTable(tables, top, first)) {
    for (let index = 0; index < slice.count; ) {
      const offset = levels.leafAt(slice, index);
      if (offset === 0) {
        yield { index: slice.first + index, offset, view: null };
        index += 1;
        continue;
      }
      const neighbours = countNeighbours(levels, slice, index, ahead);
      const bytes = await tables.read(offset, neighbours * leafBytes);
      if (bytes === null) throw new Error(`a table at byte ${offset} is outside the file`);
      for (let leaf = 0; leaf < neighbours; leaf++) {
        const view = viewOf(bytes.subarray(leaf * leafBytes, (leaf + 1) * leafBytes));
        yield { index: slice.first + index + leaf, offset: offset + leaf * leafBytes, view };
      }
      index += neighbours;
      ahead = Math.min(2 * ahead, Math.max(1, MAX_PIECE_BYTES / leafBytes));
    }
  }
}

/** Entries from `index` on, at most `most`, whose tables stand one after the other. All are checked. */
function countNeighbours(
  levels: TwoLevels,
  slice: TableSlice,
  index: number,
  most: number,
): number {
  const first = levels.leafAt(slice, index);
  const check = (at: number): void =>
    levels.checkLeaf(levels.leafAt(slice, at), slice.offset + at * levels.top.entryBytes);
  check(index);
  let count = 1;
  while (count < most && index + count < slice.count) {
    if (levels.leafAt(slice, index + count) !== first + count * levels.leafBytes) break;
    check(index + count);
    count += 1;
  }
  return count;
}
