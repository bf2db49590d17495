import { hasBytesAt, SECTOR_BYTES, viewOf } from "../bytes.ts";
import { type BootCode, nameBootCode } from "../content/boot-code.ts";

/** Covers a GPT disk so that tools without GPT leave it alone (UEFI specification 5.2.3). */
export const PROTECTIVE_TYPE = 0xee;
const EXTENDED_TYPES: readonly number[] = [0x05, 0x0f, 0x85];

const TABLE_OFFSET = 446;
const ENTRY_BYTES = 16;

export interface MbrEntry {
  readonly type: number;
  readonly isActive: boolean;
  readonly isExtended: boolean;
  /** In sectors; from the disk's start in an MBR, from elsewhere in an extended boot record. */
  readonly firstSector: number;
  readonly sectorCount: number;
}

/** The content of sector 0. */
export interface MbrReading {
  /** Null without the signature 55 AA, or with an entry that no tool writes. */
  readonly entries: readonly MbrEntry[] | null;
  readonly bootCode: BootCode;
  /** Whether the sector ends with 55 AA. */
  readonly hasSignature: boolean;
  /**
   * Whether an entry covers a GPT as UEFI firmware asks for (EDK II, PartitionDxe): type EE, from
   * sector 1 on. Whether it is marked active makes no difference to OVMF.
   */
  readonly isProtective: boolean;
}

/** Reads sector 0 of a disk; the code in it is named whether or not a table follows. */
export function readMbr(sector: Uint8Array): MbrReading {
  const entries = readTable(sector);
  return {
    entries,
    bootCode: nameBootCode(sector),
    hasSignature: hasBytesAt(sector, 510, [0x55, 0xaa]),
    isProtective: (entries ?? []).some(
      ({ type, firstSector }) => type === PROTECTIVE_TYPE && firstSector === 1,
    ),
  };
}

/** The used entries of a partition table in the form of the MBR, null when it is none. */
export function readTable(sector: Uint8Array): readonly MbrEntry[] | null {
  if (sector.length < SECTOR_BYTES || !hasBytesAt(sector, 510, [0x55, 0xaa])) return null;
  const view = viewOf(sector);
  const offsets = [0, 1, 2, 3].map((index) => TABLE_OFFSET + index * ENTRY_BYTES);
  // 0x80 or 0: anything else is text or code of a boot sector without a table.
  if (offsets.some((offset) => (view.getUint8(offset) & 0x7f) !== 0)) return null;
  return offsets
    .map((offset): MbrEntry => {
      const type = view.getUint8(offset + 4);
      return {
        type,
        isActive: view.getUint8(offset) === 0x80,
        isExtended: EXTENDED_TYPES.includes(type),
        firstSector: view.getUint32(offset + 8, true),
        sectorCount: view.getUint32(offset + 12, true),
      };
    })
    .filter((entry) => entry.type !== 0 && entry.sectorCount !== 0);
}
