import { SECTOR_BYTES } from "../disk/bytes.ts";
import type { CompressedExtent, CopyExtent, Extent } from "../disk/maps/extent.ts";
import { MAX_CALL_BYTES } from "../page-targets.ts";
import type { ConversionPath } from "../record/conversion.ts";

/** Bytes that the source contains as the target needs them. */
export interface CopyCall {
  readonly kind: "copy";
  /** Of the disk, in bytes. */
  readonly from: number;
  readonly to: number;
  readonly fileOffset: number;
}

/** Bytes that the app reads, unpacks where they are packed, and writes. */
export interface WindowCall {
  readonly kind: "window";
  readonly from: number;
  readonly to: number;
  readonly extents: readonly (CopyExtent | CompressedExtent)[];
}

/** One piece of work, at most 4 MiB of the disk. */
export type PlannedCall = CopyCall | WindowCall;

/** Packed bytes that one window reads at most; a block's own bound may be larger than what it holds. */
const MAX_PACKED_BYTES = 2 * MAX_CALL_BYTES;

/** Cuts extents into calls, one after the other. */
interface CallCutter {
  /** The calls that the next extent completes. */
  add(extent: Extent): Iterable<PlannedCall>;
  /** The last call. */
  end(): Iterable<PlannedCall>;
}

/**
 * Cuts extents into calls, in the order of the disk; zeros need none. What cannot be copied inside
 * storage (compressed blocks, and bytes that do not begin or end with a page) is gathered in windows.
 */
export async function* planCalls(
  extents: AsyncIterable<Extent>,
  mode: ConversionPath,
): AsyncGenerator<PlannedCall> {
  const cutter = createCutter(mode);
  for await (const extent of extents) yield* cutter.add(extent);
  yield* cutter.end();
}

/** Counts the calls that extents take; {@link planCalls} of the same extents has as many. */
export function createCallCounter(mode: ConversionPath): {
  readonly add: (extent: Extent) => void;
  /** All of them; nothing can be added after it. */
  readonly total: () => number;
} {
  const cutter = createCutter(mode);
  let calls = 0;
  const count = (cut: Iterable<PlannedCall>): void => {
    for (const _ of cut) calls += 1;
  };
  return {
    add: (extent) => count(cutter.add(extent)),
    total() {
      count(cutter.end());
      return calls;
    },
  };
}

function createCutter(mode: ConversionPath): CallCutter {
  let window: (CopyExtent | CompressedExtent)[] = [];
  function* end(): Generator<PlannedCall> {
    if (window.length > 0) yield toWindow(window);
    window = [];
  }
  return {
    end,
    *add(extent) {
      if (extent.kind === "zero") return;
      for (const piece of splitExtent(extent)) {
        if (isCopied(piece, mode)) {
          yield* end();
          const { guestOffset, length, fileOffset } = piece;
          yield { kind: "copy", from: guestOffset, to: guestOffset + length, fileOffset };
          continue;
        }
        if (window.length > 0 && !fits(window, piece)) yield* end();
        window.push(piece);
      }
    },
  };
}

function isCopied(piece: CopyExtent | CompressedExtent, mode: ConversionPath): piece is CopyExtent {
  return (
    mode === "server-side" &&
    piece.kind === "copy" &&
    [piece.guestOffset, piece.fileOffset, piece.length].every((at) => at % SECTOR_BYTES === 0)
  );
}

/** A copy in pieces of at most 4 MiB, and its last, broken page by itself; a compressed block as it is. */
function* splitExtent(
  extent: CopyExtent | CompressedExtent,
): Generator<CopyExtent | CompressedExtent> {
  if (extent.kind === "compressed") {
    yield extent;
    return;
  }
  const { guestOffset, fileOffset, length } = extent;
  const whole = length - (length % SECTOR_BYTES);
  for (let at = 0; at < length; ) {
    const end = at < whole ? Math.min(whole, at + MAX_CALL_BYTES) : length;
    const part = { guestOffset: guestOffset + at, fileOffset: fileOffset + at, length: end - at };
    yield { kind: "copy", ...part };
    at = end;
  }
}

function fits(
  window: readonly (CopyExtent | CompressedExtent)[],
  piece: CopyExtent | CompressedExtent,
): boolean {
  const from = window[0]?.guestOffset ?? piece.guestOffset;
  const packed = [...window, piece].reduce((sum, extent) => sum + fileLengthOf(extent), 0);
  const isNear = piece.guestOffset + piece.length - from <= MAX_CALL_BYTES;
  return isNear && packed <= MAX_PACKED_BYTES;
}

/** Bytes of the file that a piece is read from. */
export function fileLengthOf(extent: CopyExtent | CompressedExtent): number {
  return extent.kind === "copy" ? extent.length : extent.fileLength;
}

function toWindow(extents: readonly (CopyExtent | CompressedExtent)[]): WindowCall {
  const first = extents[0];
  const last = extents.at(-1);
  if (first === undefined || last === undefined) throw new Error("a window has no extents");
  const from = first.guestOffset;
  return { kind: "window", from, to: last.guestOffset + last.length, extents };
}
