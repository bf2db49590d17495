import { hasBytesAt, isBlank, readLabel, toNumber, viewOf } from "../bytes.ts";
import { crc32 } from "../crc32.ts";

const CHECKSUM_OFFSET = 16;
const MIN_HEADER_BYTES = 92;
const GUID_BYTES = 16;
/** Attribute bit 2: a BIOS may start from this partition (UEFI specification, table 5.7). */
const LEGACY_BOOT_BIT = 2n;
/** Attribute bit 1: firmware makes no block device of this partition (the same table). */
const NO_BLOCK_IO_BIT = 1n;

/** A GPT header as it appears, right or wrong. Sectors that are not exact numbers are Infinity. */
export interface GptHeader {
  readonly checksumMatches: boolean;
  /** The sector that the header says it is in. */
  readonly ownSector: number;
  /** The sector of the other copy. */
  readonly otherSector: number;
  readonly entriesSector: number;
  readonly firstUsableSector: number;
  readonly lastUsableSector: number;
  readonly entryCount: number;
  readonly entryBytes: number;
  readonly entriesChecksum: number;
}

export interface GptEntry {
  /** Lower case. */
  readonly typeGuid: string;
  readonly firstSector: number;
  /** The last one that belongs to it. */
  readonly lastSector: number;
  readonly isLegacyBoot: boolean;
  /** Hidden from UEFI firmware. */
  readonly isWithoutBlockIo: boolean;
  readonly name: string | null;
}

/** Reads the sector of a GPT header (UEFI specification 5.3.2); null when it does not begin as one. */
export function readGptHeader(sector: Uint8Array): GptHeader | null {
  if (sector.length < 512 || !hasBytesAt(sector, 0, "EFI PART")) return null;
  const view = viewOf(sector);
  const headerBytes = view.getUint32(12, true);
  const isPossible = headerBytes >= MIN_HEADER_BYTES && headerBytes <= sector.length;
  const header = Uint8Array.from(sector.subarray(0, isPossible ? headerBytes : 0));
  header.fill(0, CHECKSUM_OFFSET, CHECKSUM_OFFSET + 4);
  return {
    checksumMatches: isPossible && crc32(header) === view.getUint32(CHECKSUM_OFFSET, true),
    ownSector: toNumber(view.getBigUint64(24, true)),
    otherSector: toNumber(view.getBigUint64(32, true)),
    firstUsableSector: toNumber(view.getBigUint64(40, true)),
    lastUsableSector: toNumber(view.getBigUint64(48, true)),
    entriesSector: toNumber(view.getBigUint64(72, true)),
    entryCount: view.getUint32(80, true),
    entryBytes: view.getUint32(84, true),
    entriesChecksum: view.getUint32(88, true),
  };
}

/** The used entries of a table; `entryBytes` is 128 at least, which the caller has checked. */
export function readGptEntries(table: Uint8Array, entryBytes: number): readonly GptEntry[] {
  const count = Math.floor(table.length / entryBytes);
  return Array.from({ length: count }, (_, index) =>
    table.subarray(index * entryBytes, (index + 1) * entryBytes),
  )
    .filter((entry) => !isBlank(entry.subarray(0, GUID_BYTES)))
    .map((entry) => {
      const view = viewOf(entry);
      return {
        typeGuid: formatGuid(entry.subarray(0, GUID_BYTES)),
        firstSector: toNumber(view.getBigUint64(32, true)),
        lastSector: toNumber(view.getBigUint64(40, true)),
        isLegacyBoot: hasAttribute(view, LEGACY_BOOT_BIT),
        isWithoutBlockIo: hasAttribute(view, NO_BLOCK_IO_BIT),
        name: readLabel(entry.subarray(56, 128), "utf-16le"),
      };
    });
}

function hasAttribute(entry: DataView, bit: bigint): boolean {
  return ((entry.getBigUint64(48, true) >> bit) & 1n) === 1n;
}

/** A GUID as it is written: the first three fields are little-endian on disk (UEFI, appendix A). */
function formatGuid(bytes: Uint8Array): string {
  const hex = (from: number, to: number, isReversed = false): string => {
    const field = Array.from(bytes.subarray(from, to), (byte) =>
      byte.toString(16).padStart(2, "0"),
    );
    return (isReversed ? field.reverse() : field).join("");
  };
  return [hex(0, 4, true), hex(4, 6, true), hex(6, 8, true), hex(8, 10), hex(10, 16)].join("-");
}
