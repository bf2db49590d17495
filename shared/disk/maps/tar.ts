import { hasBytesAt, isBlank, readLatin1 } from "../bytes.ts";
import { refuse } from "./refusal.ts";
import type { TableReader } from "./table-reader.ts";

const BLOCK_BYTES = 512;
/** An OVA has a handful: the description, a manifest, a certificate, the disks. */
const MAX_MEMBERS = 100;
/** Marks of regular files. */
const REGULAR: readonly string[] = ["0", "\0", "7"];
/** A member that describes the next one: its size or name may not be those of the next header. */
const EXTENDED: readonly string[] = ["x", "L", "K"];

/** A file in a tar archive. */
export interface TarMember {
  readonly name: string;
  /** Where its bytes begin in the archive. */
  readonly offset: number;
  readonly length: number;
}

/** Whether a file begins as a tar archive does. */
export function isTar(head: Uint8Array): boolean {
  return hasBytesAt(head, 257, "ustar");
}

/**
 * The regular files in a tar archive (POSIX ustar, sizes of GNU tar), as far as an OVA uses it.
 * @throws RefusedDiskError for an archive that is damaged or has too many members.
 */
export async function listTarMembers(tables: TableReader): Promise<readonly TarMember[]> {
  const members: TarMember[] = [];
  let extendedSize: number | null = null;
  let offset = 0;
  for (let count = 0; ; count++) {
    const header = await tables.read(offset, BLOCK_BYTES);
    // Some writers leave out the two blank blocks at the end.
    if (header === null || isBlank(header)) return members;
    if (count >= MAX_MEMBERS) refuseArchive(`has more than ${MAX_MEMBERS} files in it`, offset);
    if (!isTar(header) || !hasRightSum(header)) {
      refuseArchive("is a tar archive with a damaged header", offset);
    }
    const type = String.fromCharCode(header[156] ?? 0);
    const size: number = extendedSize ?? readNumber(header.subarray(124, 136));
    const start = offset + BLOCK_BYTES;
    if (start + size > tables.length) {
      refuse(
        "cut-short",
        `is a tar archive that ends after ${tables.length} bytes, within a file of ${size} bytes that begins at byte ${start}`,
        tables.length,
        "Upload the whole archive again; compare its length with the original's.",
      );
    }
    extendedSize = type === "x" ? await readPaxSize(tables, start, size) : null;
    if (REGULAR.includes(type)) {
      const [name = ""] = readLatin1(header.subarray(0, 100)).split("\0", 1);
      members.push({ name: name.replaceAll(/[^\x20-\x7e]/g, "?"), offset: start, length: size });
    } else if (EXTENDED.includes(type) && size > MAX_EXTENSION_BYTES) {
      refuseArchive(`is a tar archive with an extension of ${size} bytes`, offset);
    }
    offset = start + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
}

const MAX_EXTENSION_BYTES = 64 * 1024;

/** The size in an extended header, where it has one: files of 8 GiB and more. */
async function readPaxSize(
  tables: TableReader,
  offset: number,
  length: number,
): Promise<number | null> {
  const bytes = length <= MAX_EXTENSION_BYTES ? await tables.read(offset, length) : null;
  const size = bytes && /(?:^|\n)\d+ size=(\d{1,16})\n/.exec(readLatin1(bytes))?.[1];
  return size ? Number(size) : null;
}

/** A number in octal digits, or, marked by the first bit, in binary. */
function readNumber(field: Uint8Array): number {
  if (((field[0] ?? 0) & 0x80) !== 0) {
    return field.subarray(1).reduce((value, byte) => value * 256 + byte, 0);
  }
  const digits = readLatin1(field).replaceAll(/[\0 ]/g, "");
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : 0;
}

function hasRightSum(header: Uint8Array): boolean {
  const isSum = (at: number): boolean => at >= 148 && at < 156;
  const sum = header.reduce((total, byte, at) => total + (isSum(at) ? 0x20 : byte), 0);
  return sum === readNumber(header.subarray(148, 156));
}

function refuseArchive(message: string, offset: number): never {
  refuse(
    "archive",
    message,
    offset,
    "Unpack it ('tar -xf SOURCE') and upload the disk that it contains.",
  );
}
