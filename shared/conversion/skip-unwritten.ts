import type { DiskReader, WrittenRange } from "../disk/disk-reader.ts";
import type { CopyExtent, DiskMap, Extent } from "../disk/maps/extent.ts";

const GIB = 1024 ** 3;

/** Ranges that one request lists, at most: what the service gives at once, less the one that shows that there are more. */
const MAX_RANGES = 4999;
/**
 * The file is cut into windows of this size, each judged by itself, so that what is copied depends on the file
 * alone and not on where a slice begins. One with more ranges than a request lists is copied whole, which
 * takes fewer calls than its ranges would.
 */
const WINDOW_BYTES = 4 * GIB;
/** Larger files have larger windows, so that a hostile one takes no more than about so many requests. */
const MAX_WINDOWS = 512;
/** A gap that is shorter is copied: another call would cost more. */
const MIN_GAP_BYTES = 64 * 1024;

type ListWritten = NonNullable<DiskReader["listWritten"]>;

/**
 * The map of a disk that its file contains as it is, with zeros where the file was never written; the
 * same map where the store cannot tell.
 * @param map of a raw disk or a fixed VHD; neighbours of one kind are not always joined in what is returned.
 */
export function skipUnwritten(map: DiskMap, { length, listWritten }: DiskReader): DiskMap {
  if (listWritten === undefined) return map;
  const list = rememberLast(listWritten);
  const extents: DiskMap["extents"] = async function* (from) {
    for await (const extent of map.extents(from)) {
      if (extent.kind === "copy") yield* cutToWritten(extent, length, list);
      else yield extent;
    }
  };
  return {
    ...map,
    extents,
    async survey(limits) {
      const survey = await map.survey(limits);
      let copyBytes = 0;
      let copyExtents = 0;
      for await (const extent of extents()) {
        if (extent.kind !== "copy") continue;
        copyBytes += extent.length;
        copyExtents += 1;
      }
      const zeroBytes = survey.zeroBytes + survey.copyBytes - copyBytes;
      return { ...survey, copyBytes, copyExtents, zeroBytes };
    },
  };
}

async function* cutToWritten(
  extent: CopyExtent,
  fileLength: number,
  list: ListWritten,
): AsyncGenerator<Extent> {
  const { fileOffset, guestOffset, length } = extent;
  const end = fileOffset + length;
  const toGuest = guestOffset - fileOffset;
  let at = fileOffset;
  for await (const range of listWindows(fileOffset, { end, fileLength }, list)) {
    const from = Math.max(at, range.offset);
    const to = Math.min(end, range.offset + range.count);
    if (from >= to) continue;
    if (from > at) yield { kind: "zero", guestOffset: at + toGuest, length: from - at };
    yield { kind: "copy", guestOffset: from + toGuest, length: to - from, fileOffset: from };
    at = to;
  }
  if (at < end) yield { kind: "zero", guestOffset: at + toGuest, length: end - at };
}

/** What is to be copied from the window of `from` on: ascending, cut at the ends of windows. */
async function* listWindows(
  from: number,
  { end, fileLength }: { readonly end: number; readonly fileLength: number },
  list: ListWritten,
): AsyncGenerator<WrittenRange> {
  const size = WINDOW_BYTES * Math.ceil(fileLength / (MAX_WINDOWS * WINDOW_BYTES));
  let at = from - (from % size);
  while (at < end) {
    const listed = await list(at, MAX_RANGES);
    const last = listed?.ranges.at(-1);
    const listedTo = listed?.hasMore ? (last?.offset ?? at) + (last?.count ?? 0) : end + size;
    const complete = listedTo - (listedTo % size);
    if (listed === null || complete <= at) {
      yield { offset: at, count: size };
      at += size;
      continue;
    }
    for (; at < complete && at < end; at += size) {
      yield* mergeNear(listed.ranges, { start: at, end: at + size });
    }
  }
}

/** The ranges in a window, those near each other as one. */
function* mergeNear(
  ranges: readonly WrittenRange[],
  window: { readonly start: number; readonly end: number },
): Generator<WrittenRange> {
  let merged: { offset: number; count: number } | null = null;
  for (const { offset, count } of ranges) {
    const from = Math.max(offset, window.start);
    const to = Math.min(offset + count, window.end);
    if (from >= to) continue;
    if (merged !== null && from - (merged.offset + merged.count) < MIN_GAP_BYTES) {
      merged.count = to - merged.offset;
      continue;
    }
    if (merged !== null) yield merged;
    merged = { offset: from, count: to - from };
  }
  if (merged !== null) yield merged;
}

/** The inspection opens the map for each of its reads, mostly at the same place. */
function rememberLast(list: ListWritten): ListWritten {
  let last: { readonly at: number; readonly listed: ReturnType<ListWritten> } | null = null;
  return (at, limit) => {
    if (last?.at === at) return last.listed;
    const listed = list(at, limit);
    last = { at, listed };
    // An error is not remembered.
    listed.catch(() => {
      last = null;
    });
    return listed;
  };
}
