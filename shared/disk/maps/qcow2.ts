import { SECTOR_BYTES } from "../bytes.ts";
import type { BlockSource, Piece } from "./block-source.ts";
import { requireInside } from "./fields.ts";
import { type LeafPart, leafBatches } from "./leaf-batches.ts";
import type { Qcow2Header } from "./qcow2-header.ts";
import { readQcow2Header } from "./qcow2-header.ts";
import { readSubclusters } from "./qcow2-subclusters.ts";
import { refuseDamaged } from "./refusal.ts";
import type { TableReader } from "./table-reader.ts";
import type { TwoLevels } from "./walk-table.ts";

const FORMAT = "qcow2";
/** Bits 9 to 55 of an entry are an offset; these are those in the upper and the lower half. */
const OFFSET_HIGH = 0x00ff_ffff;
const OFFSET_LOW = 0xffff_fe00;
/** Bit 62. */
const IS_COMPRESSED_HIGH = 0x4000_0000;
const COMPRESSED_BITS = 62;
/** Bit 0, version 3. */
const IS_ZERO_LOW = 1;

/**
 * A qcow2 image; of its snapshots, only the active disk.
 * @throws RefusedDiskError
 */
export async function openQcow2(tables: TableReader): Promise<BlockSource> {
  const header = await readQcow2Header(tables);
  const { virtualBytes, clusterBits, l1Offset, l1Count } = header;
  const clusterBytes = 2 ** clusterBits;
  const levels: TwoLevels = {
    top: { offset: l1Offset, entryBytes: 8, count: l1Count },
    leafBytes: clusterBytes,
    leafAt: ({ view }, index) => offsetAt(view, 8 * index),
    checkLeaf: (leaf, at) => {
      const what = "an L2 table";
      if (leaf % clusterBytes !== 0) refuseUnaligned(what, leaf, at);
      requireInside(tables, FORMAT, { offset: leaf, count: clusterBytes, what });
    },
  };
  return {
    format: FORMAT,
    virtualBytes,
    reserved: [
      { start: 0, end: Math.min(clusterBytes, l1Offset), what: "the header" },
      { start: l1Offset, end: l1Offset + 8 * l1Count, what: "the L1 table" },
    ],
    batches: (from) =>
      leafBatches(
        tables,
        {
          levels,
          blockBytes: clusterBytes,
          blocksPerLeaf: clusterBytes / (header.isExtended ? 16 : 8),
          virtualBytes,
          readLeaf: (part) => readLeaf(header, tables.length, part),
        },
        from,
      ),
  };
}

function* readLeaf(
  header: Qcow2Header,
  fileLength: number,
  { offset, view, guestOffset, start, end }: LeafPart,
): Generator<Piece> {
  const clusterBytes = 2 ** header.clusterBits;
  const entryBytes = header.isExtended ? 16 : 8;
  for (let index = start; index < end; index++) {
    const at = index * entryBytes;
    const place = { guestOffset: guestOffset + index * clusterBytes, length: clusterBytes };
    const high = view.getUint32(at);
    const low = view.getUint32(at + 4);
    if ((high & IS_COMPRESSED_HIGH) !== 0) {
      yield readCompressed(header, fileLength, { high, low }, place.guestOffset);
      continue;
    }
    const cluster = offsetAt(view, at);
    if (cluster % clusterBytes !== 0) {
      refuseUnaligned(`the disk's bytes from ${place.guestOffset} on`, cluster, offset + at);
    }
    if (header.isExtended) {
      const bits = { allocated: view.getUint32(at + 12), zero: view.getUint32(at + 8) };
      yield* readSubclusters(place, cluster, bits, offset + at);
    } else if (cluster === 0 || (header.version === 3 && (low & IS_ZERO_LOW) !== 0)) {
      yield { kind: "zero", ...place };
    } else yield { kind: "copy", ...place, fileOffset: cluster };
  }
}

/** A compressed cluster: its offset to the byte, and how many sectors it reaches into after the first. */
function readCompressed(
  { clusterBits, codec }: Qcow2Header,
  fileLength: number,
  { high, low }: { readonly high: number; readonly low: number },
  guestOffset: number,
): Piece {
  const clusterBytes = 2 ** clusterBits;
  const highBits = COMPRESSED_BITS - (clusterBits - 8) - 32;
  const fileOffset = (high & (2 ** highBits - 1)) * 2 ** 32 + low;
  const sectors = (high & (IS_COMPRESSED_HIGH - 1)) >>> highBits;
  const lastSector = (Math.floor(fileOffset / SECTOR_BYTES) + sectors) * SECTOR_BYTES;
  // QEMU writes no more of the file than the cluster needs; its last sector may be cut.
  const end = Math.max(fileOffset + 1, Math.min(lastSector + SECTOR_BYTES, fileLength));
  return {
    kind: "compressed",
    codec,
    guestOffset,
    length: clusterBytes,
    unpackedLength: clusterBytes,
    fileOffset,
    fileLength: end - fileOffset,
    // The last sector may be shared with the cluster that follows in the file.
    ownLength: Math.max(1, lastSector + 1 - fileOffset),
  };
}

function offsetAt(view: DataView, at: number): number {
  const low = (view.getUint32(at + 4) & OFFSET_LOW) >>> 0;
  return (view.getUint32(at) & OFFSET_HIGH) * 2 ** 32 + low;
}

function refuseUnaligned(what: string, offset: number, at: number): never {
  refuseDamaged(
    FORMAT,
    `stores ${what} at byte ${offset} of the file, which is not the start of a cluster`,
    at,
  );
}
