import { readLabel, viewOf } from "../bytes.ts";

/** An entry of a FAT directory. */
export interface FatEntry {
  /** As it is written: the long name where there is one, otherwise `NAME.EXT`. */
  readonly name: string;
  readonly shortName: string;
  readonly isDirectory: boolean;
  readonly firstCluster: number;
  /** Bytes; 0 for a directory. */
  readonly size: number;
}

/** What a part of a directory holds. */
export interface FatDirectory {
  readonly entries: readonly FatEntry[];
  /** The label of the volume, which is an entry of its root directory. */
  readonly label: string | null;
}

/** Bytes of an entry. */
export const ENTRY_BYTES = 32;
const ATTRIBUTE_LABEL = 0x08;
const ATTRIBUTE_DIRECTORY = 0x10;
const ATTRIBUTES_LONG_NAME = 0x0f;
const DELETED = 0xe5;
const LAST_OF_LONG_NAME = 0x40;

/** Whether the end mark of a directory is within these bytes: nothing follows in what was not read. */
export function hasDirectoryEnd(bytes: Uint8Array): boolean {
  for (let offset = 0; offset < bytes.length; offset += ENTRY_BYTES) {
    if (bytes[offset] === 0) return true;
  }
  return false;
}

/** The entries of a directory up to the end mark, or as far as it was read. */
export function readFatDirectory(bytes: Uint8Array): FatDirectory {
  const entries: FatEntry[] = [];
  let label: string | null = null;
  let longName = "";
  let longNameSum = 0;
  for (let offset = 0; offset + ENTRY_BYTES <= bytes.length; offset += ENTRY_BYTES) {
    const entry = bytes.subarray(offset, offset + ENTRY_BYTES);
    const [first = 0] = entry;
    const attributes = entry[11] ?? 0;
    if (first === 0) break;
    if (first === DELETED) {
      longName = "";
    } else if (attributes === ATTRIBUTES_LONG_NAME) {
      const isSame = (first & LAST_OF_LONG_NAME) === 0 && entry[13] === longNameSum;
      longName = readLongName(entry) + (isSame ? longName : "");
      longNameSum = entry[13] ?? 0;
    } else if (attributes & ATTRIBUTE_LABEL) {
      label ??= readLabel(entry.subarray(0, 11), "utf-8");
      longName = "";
    } else {
      // Orphaned by a system that knows short names only: firmware ignores it as well.
      const isOwn = longNameSum === sumShortName(entry);
      entries.push(readEntry(entry, attributes, isOwn ? longName : ""));
      longName = "";
    }
  }
  return { entries, label };
}

function readEntry(entry: Uint8Array, attributes: number, longName: string): FatEntry {
  const view = viewOf(entry);
  const part = (from: number, to: number): string =>
    String.fromCharCode(...entry.subarray(from, to)).trimEnd();
  const extension = part(8, 11);
  const shortName = part(0, 8) + (extension === "" ? "" : `.${extension}`);
  return {
    name: longName === "" ? shortName : longName,
    shortName,
    isDirectory: (attributes & ATTRIBUTE_DIRECTORY) !== 0,
    firstCluster: view.getUint16(20, true) * 0x1_0000 + view.getUint16(26, true),
    size: view.getUint32(28, true),
  };
}

/** One piece of a long name: thirteen characters in three places. */
function readLongName(entry: Uint8Array): string {
  const units = [entry.subarray(1, 11), entry.subarray(14, 26), entry.subarray(28, 32)];
  const text = units.map((piece) => new TextDecoder("utf-16le").decode(piece)).join("");
  return text.split("\0", 1)[0]?.replaceAll("\uffff", "") ?? "";
}

/** The checksum of a short name, which every piece of its long name carries (the same document, 7.2). */
function sumShortName(entry: Uint8Array): number {
  return entry
    .subarray(0, 11)
    .reduce((sum, byte) => (((sum & 1) << 7) + (sum >> 1) + byte) & 0xff, 0);
}
