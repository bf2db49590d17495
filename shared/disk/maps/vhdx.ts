import { MIB } from "../bytes.ts";
import type { BlockSource, Piece } from "./block-source.ts";
import { refuseDamaged } from "./refusal.ts";
import type { TableReader } from "./table-reader.ts";
import { readVhdxLayout } from "./vhdx-header.ts";
import { readVhdxMetadata } from "./vhdx-metadata.ts";
import { type TableSlice, walkTable } from "./walk-table.ts";

const FORMAT = "vhdx";
/** Payload blocks for each block with a sector bitmap: 2^23 sectors of 512 bytes. */
const CHUNK_BYTES = 2 ** 23 * 512;
const ENTRY_BYTES = 8;
const FULLY_PRESENT = 6;
const PARTIALLY_PRESENT = 7;
/** 0 not present, 1 undefined, 2 zero, 3 unmapped, 5 unmapped in drafts of the format. */
const ZERO_STATES: readonly number[] = [0, 1, 2, 3, 5];

/**
 * A VHDX (MS-VHDX), dynamic or fixed. Its table counts for both: a fixed one has zero blocks, too, and
 * its blocks are in any order.
 * @throws RefusedDiskError
 */
export async function openVhdx(tables: TableReader): Promise<BlockSource> {
  const { bat, metadata, log } = await readVhdxLayout(tables);
  const { virtualBytes, blockBytes } = await readVhdxMetadata(tables, metadata);
  const chunkRatio = CHUNK_BYTES / blockBytes;
  const blocks = Math.ceil(virtualBytes / blockBytes);
  const count = entryOf(blocks - 1, chunkRatio) + 1;
  if (count * ENTRY_BYTES > bat.length) {
    refuseDamaged(
      FORMAT,
      `has a block allocation table of ${bat.length} bytes, but its disk of ${virtualBytes} bytes needs ${count * ENTRY_BYTES}`,
      bat.offset,
    );
  }
  const table = { offset: bat.offset, entryBytes: ENTRY_BYTES, count };
  return {
    format: FORMAT,
    virtualBytes,
    reserved: [
      { start: 0, end: MIB, what: "the header" },
      { start: bat.offset, end: bat.offset + bat.length, what: "the block allocation table" },
      {
        start: metadata.offset,
        end: metadata.offset + metadata.length,
        what: "the metadata region",
      },
      { start: log.offset, end: log.offset + log.length, what: "the log" },
    ],
    async *batches(from) {
      const first = entryOf(Math.floor(from / blockBytes), chunkRatio);
      for await (const slice of walkTable(tables, table, first)) {
        yield readSlice(slice, blockBytes, chunkRatio);
      }
    },
  };
}

/** Index of a block's entry: after every `chunkRatio` entries comes one for a sector bitmap. */
function entryOf(block: number, chunkRatio: number): number {
  return block + Math.floor(block / chunkRatio);
}

function* readSlice(slice: TableSlice, blockBytes: number, chunkRatio: number): Generator<Piece> {
  for (let index = 0; index < slice.count; index++) {
    const entry = slice.first + index;
    if ((entry + 1) % (chunkRatio + 1) === 0) continue;
    const block = entry - Math.floor(entry / (chunkRatio + 1));
    const at = index * ENTRY_BYTES;
    const low = slice.view.getUint32(at, true);
    const state = low & 7;
    const place = { guestOffset: block * blockBytes, length: blockBytes };
    if (ZERO_STATES.includes(state)) yield { kind: "zero", ...place };
    else if (state === FULLY_PRESENT) {
      const high = slice.view.getUint32(at + 4, true);
      yield { kind: "copy", ...place, fileOffset: (high * 2 ** 12 + (low >>> 20)) * MIB };
    } else {
      refuseDamaged(
        FORMAT,
        state === PARTIALLY_PRESENT
          ? `has a block that relies on a parent, at byte ${place.guestOffset} of the disk, but no parent`
          : `has a block in the unknown state ${state}, at byte ${place.guestOffset} of the disk`,
        slice.offset + at,
      );
    }
  }
}
