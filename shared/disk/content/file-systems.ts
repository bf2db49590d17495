import type { OsType } from "../../vocabulary.ts";
import { hasBytesAt, readLabel, viewOf } from "../bytes.ts";
import { readFatGeometry } from "./fat.ts";

/** What begins a partition, or a whole disk. */
export interface FileSystemReading {
  readonly name: string;
  /** The family of systems that uses it, null for what all of them read. */
  readonly system: OsType | null;
  readonly label: string | null;
}

interface FileSystemRule {
  readonly name: string;
  readonly system: OsType | null;
  /** All of one of these sets must be there. Offsets in bytes from the partition's start. */
  readonly marks: readonly Mark[];
  readonly refineName?: (bytes: Uint8Array) => string;
  readonly label?: { readonly offset: number; readonly bytes: number };
}

/** Bytes that stand at one of the offsets. */
interface Mark {
  readonly offsets: readonly number[];
  readonly is: string | readonly number[];
}

/** Bytes of a partition that hold the marks of all file systems but the distant ones. */
export const HEAD_BYTES = 0x1200;

const mark = (offset: number, is: Mark["is"]): readonly Mark[] => [{ offsets: [offset], is }];

/**
 * File systems and volumes by their marks, most certain first. Offsets as in the on-disk formats, and
 * as util-linux's libblkid looks for them.
 */
const FILE_SYSTEM_RULES: readonly FileSystemRule[] = [
  { name: "BitLocker", system: "Windows", marks: mark(3, "-FVE-FS-") },
  { name: "NTFS", system: "Windows", marks: mark(3, "NTFS    ") },
  { name: "ReFS", system: "Windows", marks: mark(0, [0, 0, 0, 0x52, 0x65, 0x46, 0x53, 0]) },
  { name: "exFAT", system: null, marks: mark(3, "EXFAT   ") },
  {
    name: "LUKS",
    system: "Linux",
    marks: mark(0, [0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe]),
    refineName: (bytes) => `LUKS${viewOf(bytes).getUint16(6)}`,
  },
  {
    name: "LVM2",
    system: "Linux",
    // The label is in one of the first four sectors, its type 24 bytes after its start.
    marks: [
      { offsets: [0x000, 0x200, 0x400, 0x600], is: "LABELONE" },
      { offsets: [0x018, 0x218, 0x418, 0x618], is: "LVM2 001" },
    ],
  },
  { name: "XFS", system: "Linux", marks: mark(0, "XFSB"), label: { offset: 108, bytes: 12 } },
  { name: "SquashFS", system: "Linux", marks: mark(0, "hsqs") },
  {
    name: "EROFS",
    system: "Linux",
    marks: mark(0x400, [0xe2, 0xe1, 0xf5, 0xe0]),
    label: { offset: 0x400 + 64, bytes: 16 },
  },
  {
    name: "MD RAID",
    system: "Linux",
    marks: [{ offsets: [0, 0x1000], is: [0xfc, 0x4e, 0x2b, 0xa9] }],
  },
  { name: "F2FS", system: "Linux", marks: mark(0x400, [0x10, 0x20, 0xf5, 0xf2]) },
  {
    name: "swap",
    system: "Linux",
    marks: mark(0xff6, "SWAPSPACE2"),
    label: { offset: 0x41c, bytes: 16 },
  },
  {
    name: "ext",
    system: "Linux",
    marks: mark(0x438, [0x53, 0xef]),
    refineName: nameExt,
    label: { offset: 0x478, bytes: 16 },
  },
];

/**
 * Recognises what begins with these bytes, the first of a partition; null when no mark of those that
 * lie within them is there.
 */
export function readFileSystem(start: Uint8Array): FileSystemReading | null {
  const bytes = padHead(start);
  const fat = readFatGeometry(bytes);
  if (fat !== null) {
    const raw = readLabel(bytes.subarray(fat.labelOffset, fat.labelOffset + 11), "utf-8");
    return { name: fat.kind, system: null, label: raw === "NO NAME" ? null : raw };
  }
  const rule = FILE_SYSTEM_RULES.find(({ marks }) =>
    marks.every(({ offsets, is }) => offsets.some((offset) => hasBytesAt(bytes, offset, is))),
  );
  if (rule === undefined) return null;
  const { name, system, refineName, label } = rule;
  return {
    name: refineName?.(bytes) ?? name,
    system,
    label: label
      ? readLabel(bytes.subarray(label.offset, label.offset + label.bytes), "utf-8")
      : null,
  };
}

/** At the very end of a disk there may be fewer bytes than a rule looks at. */
function padHead(bytes: Uint8Array): Uint8Array {
  if (bytes.length >= HEAD_BYTES) return bytes;
  const padded = new Uint8Array(HEAD_BYTES);
  padded.set(bytes);
  return padded;
}

const EXT3_JOURNAL = 0x4;
/** Extents, 64 bit and flexible groups came with ext4, and checksums among the read-only features. */
const EXT4_INCOMPATIBLE = 0x40 | 0x80 | 0x200;
const EXT4_READ_ONLY = 0x8 | 0x10 | 0x20 | 0x40 | 0x400;

function nameExt(bytes: Uint8Array): string {
  const view = viewOf(bytes);
  const isExt4 =
    (view.getUint32(0x460, true) & EXT4_INCOMPATIBLE) !== 0 ||
    (view.getUint32(0x464, true) & EXT4_READ_ONLY) !== 0;
  if (isExt4) return "ext4";
  return view.getUint32(0x45c, true) & EXT3_JOURNAL ? "ext3" : "ext2";
}
