import { SECTOR_BYTES } from "../bytes.ts";
import type { BlockSource, Piece } from "./block-source.ts";
import { requireInside } from "./fields.ts";
import { type LeafPart, leafBatches } from "./leaf-batches.ts";
import type { TableReader } from "./table-reader.ts";
import { readVmdkHeader, type VmdkHeader } from "./vmdk-header.ts";
import type { TwoLevels } from "./walk-table.ts";

const ENTRIES = 512;
/** Bytes of a grain table. */
const TABLE_BYTES = 4 * ENTRIES;
/** An entry of a grain that is zero, where the header says that there are such. */
const ZERO_GRAIN = 1;

/**
 * A VMDK in one file: monolithicSparse or streamOptimized.
 * @throws RefusedDiskError
 */
export async function openVmdk(tables: TableReader): Promise<BlockSource> {
  const header = await readVmdkHeader(tables);
  const { format, virtualBytes, grainBytes, directoryOffset, directoryCount, descriptor } = header;
  const levels: TwoLevels = {
    top: { offset: directoryOffset, entryBytes: 4, count: directoryCount },
    leafBytes: TABLE_BYTES,
    leafAt: ({ view }, index) => view.getUint32(4 * index, true) * SECTOR_BYTES,
    checkLeaf: (leaf) =>
      requireInside(tables, format, { offset: leaf, count: TABLE_BYTES, what: "a grain table" }),
  };
  const directoryEnd = directoryOffset + 4 * directoryCount;
  return {
    format,
    virtualBytes,
    reserved: [
      { start: 0, end: SECTOR_BYTES, what: "the header" },
      {
        start: descriptor.offset,
        end: descriptor.offset + descriptor.count,
        what: "the descriptor",
      },
      { start: directoryOffset, end: directoryEnd, what: "the grain directory" },
    ],
    batches: (from) =>
      leafBatches(
        tables,
        {
          levels,
          blockBytes: grainBytes,
          blocksPerLeaf: ENTRIES,
          virtualBytes,
          readLeaf: (part) => readLeaf(header, tables.length, part),
        },
        from,
      ),
  };
}

function* readLeaf(
  header: VmdkHeader,
  fileLength: number,
  { view, guestOffset, start, end }: LeafPart,
): Generator<Piece> {
  const { grainBytes } = header;
  for (let index = start; index < end; index++) {
    const entry = view.getUint32(4 * index, true);
    const place = { guestOffset: guestOffset + index * grainBytes, length: grainBytes };
    const isZero = entry === 0 || (entry === ZERO_GRAIN && header.hasZeroGrains);
    const fileOffset = entry * SECTOR_BYTES;
    if (isZero) yield { kind: "zero", ...place };
    else if (header.format === "vmdk") yield { kind: "copy", ...place, fileOffset };
    else {
      const next = index + 1 < end ? view.getUint32(4 * index + 4, true) * SECTOR_BYTES : 0;
      yield {
        kind: "compressed",
        codec: "vmdk-grain",
        ...place,
        unpackedLength: grainBytes,
        fileOffset,
        ...boundGrain(fileOffset, next, grainBytes, fileLength),
      };
    }
  }
}

/**
 * How many bytes a compressed grain may have. Its size precedes its data, but it ends where the next grain
 * begins, and deflate does not double the size of anything.
 */
function boundGrain(offset: number, next: number, grainBytes: number, fileLength: number) {
  const most = Math.min(2 * grainBytes + SECTOR_BYTES, Math.max(SECTOR_BYTES, fileLength - offset));
  return {
    fileLength: next > offset ? Math.min(next - offset, most) : most,
    ownLength: SECTOR_BYTES,
  };
}
