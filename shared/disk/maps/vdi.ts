import type { BlockSource, Piece } from "./block-source.ts";
import { checkVirtualBytes, isPowerOfTwo, readPart, readU64, requireInside } from "./fields.ts";
import { refuse, refuseDamaged } from "./refusal.ts";
import type { TableReader } from "./table-reader.ts";
import { type TableSlice, walkTable } from "./walk-table.ts";

const FORMAT = "vdi";
const HEADER_BYTES = 512;
const VERSION = 0x0001_0001;
/** Entries of the block map from here on name no block: free, or zero. */
const FIRST_WITHOUT_DATA = 0xffff_fffe;
const MAX_BLOCK_BYTES = 256 * 1024 * 1024;

/**
 * A VDI image of VirtualBox, dynamic or fixed.
 * @throws RefusedDiskError
 */
export async function openVdi(tables: TableReader): Promise<BlockSource> {
  const header = await readPart(tables, FORMAT, {
    offset: 0,
    count: HEADER_BYTES,
    what: "the header",
  });
  checkKind(header);
  const virtualBytes = checkVirtualBytes(FORMAT, readU64(header, 0x170, true), 0x170);
  const blockBytes = header.getUint32(0x178, true);
  if (!isPowerOfTwo(blockBytes, 512, MAX_BLOCK_BYTES)) {
    refuseDamaged(FORMAT, `has blocks of ${blockBytes} bytes`, 0x178);
  }
  const count = Math.ceil(virtualBytes / blockBytes);
  const blocks = header.getUint32(0x180, true);
  if (blocks < count) {
    refuseDamaged(
      FORMAT,
      `has a map of ${blocks} blocks, but its disk of ${virtualBytes} bytes has ${count}`,
      0x180,
    );
  }
  const offset = header.getUint32(0x154, true);
  const table = { offset, count: 4 * count, what: "the block map" };
  requireInside(tables, FORMAT, table);
  const data = header.getUint32(0x158, true);
  const extraBytes = header.getUint32(0x17c, true);
  return {
    format: FORMAT,
    virtualBytes,
    reserved: [
      { start: 0, end: HEADER_BYTES, what: "the header" },
      { start: offset, end: offset + table.count, what: table.what },
    ],
    async *batches(from) {
      const first = Math.floor(from / blockBytes);
      for await (const slice of walkTable(tables, { offset, entryBytes: 4, count }, first)) {
        yield readSlice(slice, { data, blockBytes, extraBytes });
      }
    },
  };
}

/** Where the blocks are: each after some bytes of its own, from `data` on. */
interface BlockPlaces {
  readonly data: number;
  readonly blockBytes: number;
  readonly extraBytes: number;
}

function* readSlice(
  slice: TableSlice,
  { data, blockBytes, extraBytes }: BlockPlaces,
): Generator<Piece> {
  for (let index = 0; index < slice.count; index++) {
    const entry = slice.view.getUint32(4 * index, true);
    const place = { guestOffset: (slice.first + index) * blockBytes, length: blockBytes };
    if (entry >= FIRST_WITHOUT_DATA) yield { kind: "zero", ...place };
    else {
      const fileOffset = data + entry * (blockBytes + extraBytes) + extraBytes;
      yield { kind: "copy", ...place, fileOffset };
    }
  }
}

function checkKind(header: DataView): void {
  const version = header.getUint32(0x44, true);
  if (version !== VERSION) {
    refuse(
      "unsupported",
      `is a VDI image of version ${version >>> 16}.${version & 0xffff}; only version 1.1 is supported`,
      0x44,
      "Rewrite it: 'VBoxManage clonemedium disk SOURCE TARGET.vdi --format VDI'.",
    );
  }
  const type = header.getUint32(0x4c, true);
  const hasParent =
    [0x1a8, 0x1b8].some((uuid) => [0, 4, 8, 12].some((at) => header.getUint32(uuid + at) !== 0)) ||
    type === 3 ||
    type === 4;
  if (hasParent) {
    refuse(
      "has-parent",
      "is a differencing VDI image: it has only the changes to another one, its parent",
      type === 3 || type === 4 ? 0x4c : 0x1a8,
      "Write the whole chain to one disk: 'VBoxManage clonemedium disk SOURCE TARGET.vdi --format VDI'. Upload the result.",
    );
  }
  if (type !== 1 && type !== 2) refuseDamaged(FORMAT, `is a VDI image of type ${type}`, 0x4c);
  const sector = header.getUint32(0x168, true);
  if (sector !== 512) refuseDamaged(FORMAT, `has sectors of ${sector} bytes`, 0x168);
}
