import { SECTOR_BYTES } from "./units.ts";

export type MbrPartition = {
  /** System id: 0x07 NTFS, 0x82 Linux swap, 0x83 Linux, 0xee GPT protective. */
  readonly type: number;
  readonly active: boolean;
  readonly firstSector: number;
  readonly sectorCount: number;
};

export type MbrFields = {
  readonly partitions: readonly MbrPartition[];
  /** At most 440 bytes of code; absent for a disk that does not start by BIOS. */
  readonly bootCode?: Uint8Array;
  readonly diskSignature?: number;
};

/** Length in bytes of the code area before the disk signature. */
export const BOOT_CODE_BYTES = 440;

const TABLE_OFFSET = 446;
const ENTRY_BYTES = 16;
const MAX_U32 = 0xffff_ffff;
/** Stands for "beyond what cylinders, heads and sectors can say". */
const CHS_OVERFLOW = [0xfe, 0xff, 0xff] as const;

/**
 * Returns the master boot record, sector 0 of a disk.
 *
 * @throws {RangeError} if there are more than four partitions or the boot code is too long.
 */
export function buildMbr(fields: MbrFields): Buffer {
  const code = fields.bootCode ?? new Uint8Array(0);
  if (fields.partitions.length > 4 || code.length > BOOT_CODE_BYTES) {
    throw new RangeError("an MBR holds four partitions and 440 bytes of code");
  }
  const sector = Buffer.alloc(SECTOR_BYTES);
  sector.set(code, 0);
  sector.writeUInt32LE(fields.diskSignature ?? 0, BOOT_CODE_BYTES);
  fields.partitions.forEach((partition, index) => {
    sector.set(encodeEntry(partition), TABLE_OFFSET + index * ENTRY_BYTES);
  });
  sector.writeUInt16BE(0x55aa, 510);
  return sector;
}

/**
 * Returns the MBR of a GPT disk: one partition of type 0xee over everything, so that old tools see
 * a full disk (UEFI specification, section 5.2.3).
 */
export function buildProtectiveMbr(diskBytes: number, bootCode?: Uint8Array): Buffer {
  const sectorCount = Math.min(diskBytes / SECTOR_BYTES - 1, MAX_U32);
  const partition = { type: 0xee, active: false, firstSector: 1, sectorCount };
  return buildMbr({ partitions: [partition], ...(bootCode === undefined ? {} : { bootCode }) });
}

function encodeEntry(partition: MbrPartition): Buffer {
  const entry = Buffer.alloc(ENTRY_BYTES);
  entry.writeUInt8(partition.active ? 0x80 : 0, 0);
  entry.set(encodeChs(partition.firstSector), 1);
  entry.writeUInt8(partition.type, 4);
  entry.set(encodeChs(partition.firstSector + partition.sectorCount - 1), 5);
  entry.writeUInt32LE(partition.firstSector, 8);
  entry.writeUInt32LE(partition.sectorCount, 12);
  return entry;
}

/** Returns the address for the customary geometry of 255 heads and 63 sectors per track. */
function encodeChs(sector: number): readonly number[] {
  const cylinder = Math.floor(sector / (255 * 63));
  if (cylinder > 1023) return CHS_OVERFLOW;
  const head = Math.floor(sector / 63) % 255;
  return [head, ((cylinder >> 2) & 0xc0) | ((sector % 63) + 1), cylinder & 0xff];
}
