import { MIB } from "../bytes.ts";
import type { BlockSource, Piece } from "./block-source.ts";
import type { DiskMap, Extent, SurveyLimits } from "./extent.ts";
import { createRangeGuard, type RangeGuard } from "./range-guard.ts";
import { SURVEY_LIMITS, surveyMap } from "./survey.ts";
import type { TableReader } from "./table-reader.ts";

/** The map of a file of any format: checked, cut to the disk, joined, padded to whole MiB. */
export function createDiskMap(
  source: BlockSource,
  tables: TableReader,
  limits: SurveyLimits = SURVEY_LIMITS,
): DiskMap {
  const { format, virtualBytes } = source;
  const paddedBytes = Math.ceil(virtualBytes / MIB) * MIB;
  const size = { virtualBytes, paddedBytes };
  return {
    format,
    ...size,
    extents(from = 0) {
      const guard = createRangeGuard(source, tables.length);
      return joinPieces(source, size, checkOffset(from, paddedBytes), guard);
    },
    survey: (own = limits, onExtent = () => {}) =>
      surveyMap(
        (start, onBatch) => {
          const guard = createRangeGuard(source, tables.length, start);
          return { guard, extents: joinPieces(source, size, 0, guard, onBatch) };
        },
        tables,
        own,
        onExtent,
      ),
  };
}

function checkOffset(from: number, paddedBytes: number): number {
  if (Number.isSafeInteger(from) && from >= 0 && from <= paddedBytes) return from;
  throw new RangeError(`${from} is not a byte of a disk of ${paddedBytes} bytes`);
}

/** An extent goes out after so many pieces of tables, so that a user of the map can stop in between. */
const MAX_BATCHES = 256;

interface Sizes {
  readonly virtualBytes: number;
  readonly paddedBytes: number;
}

async function* joinPieces(
  source: BlockSource,
  { virtualBytes, paddedBytes }: Sizes,
  from: number,
  guard: RangeGuard,
  onBatch: () => void = () => {},
): AsyncGenerator<Extent> {
  let pending: Extent | null = null;
  let next = from;
  let batches = 0;
  if (from < virtualBytes) {
    for await (const batch of source.batches(from)) {
      for (const piece of batch) {
        const extent = piece.kind === "table" ? piece : cut(piece, from, virtualBytes);
        if (extent === null) continue;
        guard.admit(extent);
        if (extent.kind === "table") continue;
        next = requireNext(extent, next, from);
        const joined: Extent | null = pending === null ? extent : join(pending, extent);
        if (joined === null && pending !== null) yield pending;
        pending = joined ?? extent;
      }
      onBatch();
      batches += 1;
      if (batches % MAX_BATCHES === 0 && pending !== null) {
        yield pending;
        pending = null;
      }
    }
    if (next !== virtualBytes) throw new Error(`the map ends at ${next}, not at ${virtualBytes}`);
  }
  if (next < paddedBytes) {
    const padding: Extent = { kind: "zero", guestOffset: next, length: paddedBytes - next };
    const joined: Extent | null = pending === null ? padding : join(pending, padding);
    if (joined === null && pending !== null) yield pending;
    pending = joined ?? padding;
  }
  if (pending !== null) yield pending;
}

/** A piece without what lies before `from` or beyond the disk; null when nothing is left. */
function cut(piece: Exclude<Piece, { kind: "table" }>, from: number, end: number): Extent | null {
  const { guestOffset } = piece;
  const skipped = piece.kind === "compressed" ? 0 : Math.max(0, from - guestOffset);
  const length = Math.min(piece.length, end - guestOffset) - skipped;
  if (length <= 0 || guestOffset + skipped + length <= from) return null;
  if (skipped === 0 && length === piece.length) return piece;
  if (piece.kind === "copy") {
    const fileOffset = piece.fileOffset + skipped;
    return { ...piece, guestOffset: guestOffset + skipped, length, fileOffset };
  }
  return { ...piece, guestOffset: guestOffset + skipped, length };
}

/** The offset after an extent. A gap would be a mistake of a format's reader, never of a file. */
function requireNext({ guestOffset, length, kind }: Extent, next: number, from: number): number {
  const mayBeginBefore = kind === "compressed" && next === from && guestOffset <= from;
  if (guestOffset !== next && !mayBeginBefore) {
    throw new Error(`the map continues at ${guestOffset}, not at ${next}`);
  }
  return guestOffset + length;
}

/** Both as one extent, null when they cannot be. */
function join(first: Extent, second: Extent): Extent | null {
  if (first.kind === "zero" && second.kind === "zero") {
    return { ...first, length: first.length + second.length };
  }
  if (first.kind !== "copy" || second.kind !== "copy") return null;
  const isNext = first.fileOffset + first.length === second.fileOffset;
  return isNext ? { ...first, length: first.length + second.length } : null;
}
