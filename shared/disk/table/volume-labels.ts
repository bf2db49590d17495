import { hasBytesAt, readLabel, viewOf } from "../bytes.ts";
import type { VolumeView } from "../content/volume-view.ts";
import type { LimitedReader } from "../disk-reader.ts";

const SECTOR = 512;
const ENTRY_BYTES = 32;
const EXFAT_LABEL_ENTRY = 0x83;
const VOLUME_RECORD = 3;
const VOLUME_NAME_ATTRIBUTE = 0x60;
const LAST_ATTRIBUTE = 0xffff_ffff;

/** A volume whose label stands further in. */
interface LabelledVolume {
  readonly name: string | undefined;
  readonly view: VolumeView;
  /** Bytes from the disk's start. */
  readonly start: number;
}

/** Whether the label of a file system of this name takes a read of its own. */
export function hasDistantLabel(name: string | undefined): boolean {
  return name === "exFAT" || name === "NTFS" || name === "UDF";
}

/** The label of NTFS and exFAT, which takes one read, or of UDF, which takes three at most; null for others, and where the budget ended. */
export async function readVolumeLabel(
  reader: LimitedReader,
  { name, view, start }: LabelledVolume,
): Promise<string | null> {
  const sector = view.slice(0, SECTOR);
  if (sector === null) return null;
  if (name === "exFAT") {
    const { offset, bytes } = placeExfatRoot(sector);
    const root = offset < view.size ? await reader.read(start + offset, bytes) : null;
    return root && readExfatLabel(root);
  }
  if (name === "UDF") return readUdfLabel(reader, start);
  if (name !== "NTFS") return null;
  const { offset, bytes } = placeVolumeRecord(sector);
  const record = offset < view.size ? await reader.read(start + offset, bytes) : null;
  return record && readNtfsLabel(record);
}

function placeExfatRoot(sector: Uint8Array): { offset: number; bytes: number } {
  const fields = viewOf(sector);
  const sectorShift = fields.getUint8(108);
  const clusterShift = sectorShift + fields.getUint8(109);
  const heap = fields.getUint32(88, true) * 2 ** sectorShift;
  const root = fields.getUint32(96, true);
  return { offset: heap + (root - 2) * 2 ** clusterShift, bytes: SECTOR };
}

function readExfatLabel(root: Uint8Array): string | null {
  for (let at = 0; at + ENTRY_BYTES <= root.length; at += ENTRY_BYTES) {
    const length = Math.min(11, root[at + 1] ?? 0);
    if (root[at] === EXFAT_LABEL_ENTRY) {
      return readLabel(root.subarray(at + 2, at + 2 + length * 2), "utf-16le");
    }
  }
  return null;
}

/** Where the master file table has the record of `$Volume`. */
function placeVolumeRecord(sector: Uint8Array): { offset: number; bytes: number } {
  const fields = viewOf(sector);
  const perCluster = fields.getUint8(13);
  const clusterSectors = perCluster > 128 ? 2 ** (256 - perCluster) : perCluster;
  const clusterBytes = fields.getUint16(11, true) * clusterSectors;
  const perRecord = fields.getInt8(64);
  const recordBytes = perRecord < 0 ? 2 ** Math.min(12, -perRecord) : perRecord * clusterBytes;
  const table = Number(fields.getBigUint64(48, true)) * clusterBytes;
  const bytes = Math.min(4096, Math.max(SECTOR, recordBytes));
  return { offset: table + VOLUME_RECORD * bytes, bytes };
}

function readNtfsLabel(record: Uint8Array): string | null {
  if (!hasBytesAt(record, 0, "FILE")) return null;
  const fields = viewOf(record);
  let at = fields.getUint16(20, true);
  while (at >= 24 && at + 24 <= record.length) {
    const type = fields.getUint32(at, true);
    const length = fields.getUint32(at + 4, true);
    if (type === LAST_ATTRIBUTE || length < 24) return null;
    if (type === VOLUME_NAME_ATTRIBUTE) {
      const from = at + fields.getUint16(at + 20, true);
      const bytes = fields.getUint32(at + 16, true);
      return readLabel(record.subarray(from, from + Math.min(256, bytes)), "utf-16le");
    }
    at += length;
  }
  return null;
}

const UDF_ANCHOR = 2;
const UDF_LOGICAL_VOLUME = 6;
const UDF_NAME_OFFSET = 84;
const UDF_NAME_BYTES = 128;
const UDF_SEQUENCE_SECTORS = 16;

/** The name of the logical volume (ECMA-167 3/10.6), by the anchor in sector 256 of either size. */
async function readUdfLabel(reader: LimitedReader, start: number): Promise<string | null> {
  for (const sectorBytes of [512, 2048]) {
    const anchor = await reader.read(start + 256 * sectorBytes, 32);
    if (anchor?.length !== 32 || viewOf(anchor).getUint16(0, true) !== UDF_ANCHOR) continue;
    const first = viewOf(anchor).getUint32(20, true);
    const bytes = UDF_SEQUENCE_SECTORS * sectorBytes;
    const sequence = await reader.read(start + first * sectorBytes, bytes);
    for (let at = 0; sequence !== null && at + SECTOR <= sequence.length; at += sectorBytes) {
      if (viewOf(sequence).getUint16(at, true) !== UDF_LOGICAL_VOLUME) continue;
      return readDstring(
        sequence.subarray(at + UDF_NAME_OFFSET, at + UDF_NAME_OFFSET + UDF_NAME_BYTES),
      );
    }
    return null;
  }
  return null;
}

/** Text whose first byte says how wide its characters are, and whose last one how long it is. */
function readDstring(field: Uint8Array): string | null {
  const text = field.subarray(1, field[UDF_NAME_BYTES - 1]);
  if (field[0] !== 16) return readLabel(text, "utf-8");
  const swapped = Uint8Array.from(text, (_, at) => text[at ^ 1] ?? 0);
  return readLabel(swapped, "utf-16le");
}
