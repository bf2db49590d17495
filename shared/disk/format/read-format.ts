import { hasBytesAt, isBlank, toNumber } from "../bytes.ts";
import type { DiskFormat, DiskProblem } from "../finding.ts";
import type { FileEnds } from "../read-ends.ts";
import { findContainer, readContainerSize } from "./container-formats.ts";
import { FOOTER_BYTES, type FooterReading, readFooter } from "./footer.ts";
import {
  describeContainer,
  describeCutFooter,
  describeDynamicCut,
  describeOldFooter,
  describeTrailing,
} from "./format-problems.ts";
import { findVhdProblem } from "./vhd-rules.ts";

/** What a file is by its first and last bytes. */
export interface FormatReading {
  /** Null for a file without any format's marks: a raw disk, or anything at all. */
  readonly format: DiskFormat | null;
  /** Bytes of the disk inside, null when it is not known. */
  readonly virtualSize: number | null;
  /** Bytes from the start of the file that are the disk as a guest sees it; null when none are. */
  readonly diskBytes: number | null;
  readonly problem: DiskProblem | null;
  /** What a user should know though the file is right. Clauses. */
  readonly warnings: readonly string[];
  readonly isHeadBlank: boolean;
  /** Whether nothing was written at the end. */
  readonly isEndBlank: boolean;
}

const COOKIE = "conectix";
const OLD_FOOTER_BYTES = 511;
const FORMATS = {
  fixed: "fixed VHD",
  dynamic: "dynamic VHD",
  differencing: "differencing VHD",
} as const;

/** Reads the format from the first and the last bytes of a file. */
export function readFormat(file: FileEnds): FormatReading {
  const end = readFooter(file.tail.subarray(-FOOTER_BYTES));
  const found = end.kind === "footer" ? readVhd(end, file) : readOther(file);
  const isSaved = end.kind === "footer" && end.isSavedState === true;
  const warnings = isSaved ? [SAVED_STATE] : [];
  return { ...found, warnings, isHeadBlank: isBlank(file.head), isEndBlank: end.kind === "blank" };
}

const SAVED_STATE =
  "was saved while its virtual machine was suspended, according to its footer: the memory is not on the disk, and its file systems may be inconsistent; start the virtual machine, shut it down, and upload the disk again";

type Found = Omit<FormatReading, "warnings" | "isHeadBlank" | "isEndBlank">;

function readVhd(footer: FooterReading & { kind: "footer" }, file: FileEnds): Found {
  const { length } = file;
  const size = toNumber(footer.virtualSize);
  const virtualSize = Number.isFinite(size) ? size : null;
  const isFlat = footer.diskType === "fixed" || footer.diskType === null;
  return {
    format: footer.diskType === null ? "VHD of unknown type" : FORMATS[footer.diskType],
    virtualSize,
    diskBytes: isFlat ? Math.min(size, length - FOOTER_BYTES) : null,
    problem: findVhdProblem({ length, footer, innerFooters: countInnerFooters(file) }),
  };
}

/** Footers that stand right before the last one. */
function countInnerFooters({ tail }: FileEnds): number {
  let count = 0;
  for (let start = tail.length - 2 * FOOTER_BYTES; start >= 0; start -= FOOTER_BYTES) {
    if (!hasBytesAt(tail, start, COOKIE)) break;
    count += 1;
  }
  return count;
}

function readOther(file: FileEnds): Found {
  const { length, head } = file;
  const misplaced = findMisplacedFooter(file);
  if (misplaced !== null) return misplaced;
  const cut = findCutFooter(file);
  if (cut !== null) return cut;
  const copy = readFooter(head.subarray(0, FOOTER_BYTES));
  if (copy.kind === "footer" && copy.checksumMatches && copy.diskType !== "fixed") {
    const size = toNumber(copy.virtualSize);
    const virtualSize = Number.isFinite(size) ? size : null;
    const problem = describeDynamicCut(copy.diskType);
    return { format: "VHD cut short", virtualSize, diskBytes: null, problem };
  }
  const container = findContainer(head);
  if (container !== null) {
    const virtualSize = readContainerSize(container, head);
    const problem = describeContainer(container, virtualSize);
    return { format: container.format, virtualSize, diskBytes: null, problem };
  }
  return { format: null, virtualSize: length, diskBytes: length, problem: null };
}

/**
 * A footer near the end, but not in the last 512 bytes. It counts when it says about itself that it stands
 * there: an archive may hold a VHD's footer anywhere.
 */
function findMisplacedFooter({ length, tail }: FileEnds): Found | null {
  const start = length - tail.length;
  const findBefore = (end: number): number =>
    end < 0 ? -1 : tail.lastIndexOf(COOKIE.charCodeAt(0), end);
  let offset = findBefore(tail.length - OLD_FOOTER_BYTES);
  for (; offset >= 0; offset = findBefore(offset - 1)) {
    if (!hasBytesAt(tail, offset, COOKIE)) continue;
    const isOld = offset === tail.length - OLD_FOOTER_BYTES;
    const footer = readFooter(padFooter(tail.subarray(offset, offset + FOOTER_BYTES)));
    const rest = tail.subarray(offset + FOOTER_BYTES);
    const diskBytes = start + offset;
    const isOwn =
      footer.kind === "footer" &&
      footer.checksumMatches &&
      footer.diskType === "fixed" &&
      footer.virtualSize === BigInt(diskBytes);
    if (!isOwn || !isBlank(rest)) return null;
    return isOld
      ? { ...described("VHD with a 511-byte footer", diskBytes), problem: describeOldFooter() }
      : {
          ...described("VHD with bytes after its footer", diskBytes),
          problem: describeTrailing(rest.length),
        };
  }
  return null;
}

/** Bytes of a footer up to the size of the disk, by which a cut one is recognised. */
const FOOTER_START_BYTES = 56;

/** A footer at the end of the file. It counts when its size is that of the bytes before it. */
function findCutFooter({ length, tail }: FileEnds): Found | null {
  const least = Math.max(0, tail.length - OLD_FOOTER_BYTES + 1);
  for (let offset = least; offset + FOOTER_START_BYTES <= tail.length; offset++) {
    if (!hasBytesAt(tail, offset, COOKIE)) continue;
    const footer = readFooter(padFooter(tail.subarray(offset)));
    const missing = FOOTER_BYTES - (tail.length - offset);
    const diskBytes = length - (tail.length - offset);
    if (footer.kind !== "footer" || footer.virtualSize !== BigInt(diskBytes)) continue;
    return { ...described("VHD cut short", diskBytes), problem: describeCutFooter(missing) };
  }
  return null;
}

function described(format: DiskFormat, diskBytes: number) {
  return { format, virtualSize: diskBytes, diskBytes };
}

/** The last byte is reserved and zero, so a footer of 511 bytes has the same checksum. */
function padFooter(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(FOOTER_BYTES);
  padded.set(bytes);
  return padded;
}
