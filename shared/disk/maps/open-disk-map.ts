import { hasBytesAt } from "../bytes.ts";
import type { DiskReader } from "../disk-reader.ts";
import type { BlockSource } from "./block-source.ts";
import { createDiskMap } from "./disk-map.ts";
import type { DiskMap } from "./extent.ts";
import { openOva } from "./open-ova.ts";
import { openRaw } from "./open-raw.ts";
import { openDamagedVhd, openVhdByFooter } from "./open-vhd.ts";
import { openQcow2 } from "./qcow2.ts";
import { type Refusal, RefusedDiskError } from "./refusal.ts";
import { createTableReader, type TableReader } from "./table-reader.ts";
import { isTar } from "./tar.ts";
import { openVdi } from "./vdi.ts";
import { openVhdx } from "./vhdx.ts";
import { openVmdk } from "./vmdk.ts";

/** What came of opening a file. */
export type OpenedDisk =
  | {
      readonly kind: "map";
      readonly map: DiskMap;
      /** Name of the disk in the archive that the file is (OVA); null for a file that is the disk. */
      readonly member: string | null;
    }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** Formats by the bytes at their start. The file's name says nothing. */
const HEADS: readonly {
  readonly offset: number;
  readonly is: string | readonly number[];
  readonly open: (tables: TableReader) => Promise<BlockSource>;
}[] = [
  { offset: 0, is: "vhdxfile", open: openVhdx },
  { offset: 0, is: [0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 2], open: openQcow2 },
  { offset: 0, is: [0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3], open: openQcow2 },
  { offset: 0, is: "KDMV", open: openVmdk },
  { offset: 0x40, is: [0x7f, 0x10, 0xda, 0xbe], open: openVdi },
];
const HEAD_BYTES = 512;

/**
 * Recognises a file by its content and opens the map of its disk, or says why it is not converted.
 * Reads the headers only, some 200 KiB; what is wrong further on shows in the iteration.
 * @throws DiskReadError when the reader breaks its contract; the reader's own errors pass unchanged.
 */
export async function openDiskMap(reader: DiskReader): Promise<OpenedDisk> {
  try {
    const tables = createTableReader(reader);
    const head = await tables.read(0, Math.min(HEAD_BYTES, tables.length));
    const footed = await openVhdByFooter(tables);
    if (footed === null && head !== null && isTar(head)) {
      return { kind: "map", ...(await openOva(reader, tables, openSingle)) };
    }
    const map = footed === null ? await openSingle(reader) : createDiskMap(footed, tables);
    return { kind: "map", map, member: null };
  } catch (error) {
    if (error instanceof RefusedDiskError) return { kind: "refused", refusal: error.refusal };
    throw error;
  }
}

/** A file that is one disk, in any format; archives are refused. */
async function openSingle(reader: DiskReader): Promise<DiskMap> {
  const tables = createTableReader(reader);
  const source =
    (await openVhdByFooter(tables)) ??
    (await openByHead(tables)) ??
    (await openDamagedVhd(reader, tables)) ??
    (await openRaw(reader));
  return createDiskMap(source, tables);
}

async function openByHead(tables: TableReader): Promise<BlockSource | null> {
  const head = await tables.read(0, Math.min(HEAD_BYTES, tables.length));
  const found = head && HEADS.find(({ offset, is }) => hasBytesAt(head, offset, is));
  return found ? found.open(tables) : null;
}
