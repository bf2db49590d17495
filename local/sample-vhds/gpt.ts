import { crc32 } from "node:zlib";
import { encodeEfiGuid } from "./guid.ts";
import { buildProtectiveMbr } from "./mbr.ts";
import type { Extent } from "./sparse-image.ts";
import { SECTOR_BYTES } from "./units.ts";

export type GptPartition = {
  readonly typeGuid: string;
  readonly uniqueGuid: string;
  readonly firstSector: number;
  readonly sectorCount: number;
  /** Up to 36 UTF-16 code units. */
  readonly name: string;
  /** Attribute bits, UEFI specification table 5.7 and the partition type's own (bits 48 to 63). */
  readonly attributes?: bigint;
};

export type GptFields = {
  readonly diskBytes: number;
  readonly diskGuid: string;
  readonly partitions: readonly GptPartition[];
  readonly bootCode?: Uint8Array;
};

/** Partition type GUIDs (UEFI specification, Discoverable Partitions Specification, Microsoft). */
export const GPT_TYPES = {
  efiSystem: "c12a7328-f81f-11d2-ba4b-00a0c93ec93b",
  biosBoot: "21686148-6449-6e6f-744e-656564454649",
  linuxFilesystem: "0fc63daf-8483-4772-8e79-3d69d8477de4",
  linuxRootX64: "4f68bce3-e8cd-4db1-96e7-fbcaf984b709",
  linuxSwap: "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f",
  microsoftReserved: "e3c9e316-0b5c-4db8-817d-f92df00215ae",
  microsoftBasicData: "ebd0a0a2-b9e5-4433-87c0-68b6b72699c7",
  windowsRecovery: "de94bba4-06d1-4d40-a16a-bfd50179d6ac",
} as const;

const ENTRY_COUNT = 128;
const ENTRY_BYTES = 128;
const HEADER_BYTES = 92;
const ENTRY_SECTORS = (ENTRY_COUNT * ENTRY_BYTES) / SECTOR_BYTES;

/** Sectors at each end of the disk that belong to the table: header and entries, at the start also the MBR. */
export const GPT_RESERVED_SECTORS = { start: 2 + ENTRY_SECTORS, end: 1 + ENTRY_SECTORS } as const;

/** Returns protective MBR, primary table and backup table of a disk (UEFI specification, section 5.3). */
export function buildGpt(fields: GptFields): Extent[] {
  const sectors = fields.diskBytes / SECTOR_BYTES;
  const entries = encodeEntries(fields.partitions);
  const backupHeader = sectors - 1;
  const backupEntries = backupHeader - ENTRY_SECTORS;
  const primary = { own: 1, other: backupHeader, entriesSector: 2 };
  const backup = { own: backupHeader, other: 1, entriesSector: backupEntries };
  return [
    { offset: 0, bytes: buildProtectiveMbr(fields.diskBytes, fields.bootCode) },
    { offset: SECTOR_BYTES, bytes: encodeHeader(fields, entries, primary) },
    { offset: 2 * SECTOR_BYTES, bytes: entries },
    { offset: backupEntries * SECTOR_BYTES, bytes: entries },
    { offset: backupHeader * SECTOR_BYTES, bytes: encodeHeader(fields, entries, backup) },
  ];
}

type HeaderPlace = {
  readonly own: number;
  readonly other: number;
  readonly entriesSector: number;
};

function encodeHeader(fields: GptFields, entries: Buffer, place: HeaderPlace): Buffer {
  const sectors = fields.diskBytes / SECTOR_BYTES;
  const header = Buffer.alloc(SECTOR_BYTES);
  header.write("EFI PART", 0, "latin1");
  header.writeUInt32LE(0x0001_0000, 8); // revision 1.0
  header.writeUInt32LE(HEADER_BYTES, 12);
  header.writeBigUInt64LE(BigInt(place.own), 24);
  header.writeBigUInt64LE(BigInt(place.other), 32);
  header.writeBigUInt64LE(BigInt(GPT_RESERVED_SECTORS.start), 40);
  header.writeBigUInt64LE(BigInt(sectors - GPT_RESERVED_SECTORS.end - 1), 48);
  encodeEfiGuid(fields.diskGuid).copy(header, 56);
  header.writeBigUInt64LE(BigInt(place.entriesSector), 72);
  header.writeUInt32LE(ENTRY_COUNT, 80);
  header.writeUInt32LE(ENTRY_BYTES, 84);
  header.writeUInt32LE(crc32(entries), 88);
  header.writeUInt32LE(crc32(header.subarray(0, HEADER_BYTES)), 16); // over itself as zero
  return header;
}

function encodeEntries(partitions: readonly GptPartition[]): Buffer {
  const table = Buffer.alloc(ENTRY_COUNT * ENTRY_BYTES);
  partitions.forEach((partition, index) => {
    const entry = table.subarray(index * ENTRY_BYTES, (index + 1) * ENTRY_BYTES);
    encodeEfiGuid(partition.typeGuid).copy(entry, 0);
    encodeEfiGuid(partition.uniqueGuid).copy(entry, 16);
    entry.writeBigUInt64LE(BigInt(partition.firstSector), 32);
    entry.writeBigUInt64LE(BigInt(partition.firstSector + partition.sectorCount - 1), 40);
    entry.writeBigUInt64LE(partition.attributes ?? 0n, 48);
    entry.write(partition.name, 56, 72, "utf16le");
  });
  return table;
}
