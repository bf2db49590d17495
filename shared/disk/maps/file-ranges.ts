/** A range of a file that meets one that is taken. */
export interface RangeConflict {
  /** First byte that both have. */
  readonly offset: number;
}

/** Intervals that are kept at the same time: 4 MiB of numbers, 8 MiB with all chunks half full. */
const MAX_INTERVALS = 2 ** 18;
/** Numbers in a chunk, two for each interval. */
const CHUNK_NUMBERS = 1024;

/**
 * Ranges of a file that are taken, each byte at most once. Neighbours are joined, so that a file that
 * was written in order needs one interval. Memory is bounded: when there are too many intervals, the
 * upper half is dropped, and ranges from there on are not compared; `end` says where that begins.
 */
export class FileRanges {
  /** Ranges below are not compared. */
  readonly start: number;
  readonly #maxIntervals: number;
  #end = Number.POSITIVE_INFINITY;
  #count = 0;
  /** Ascending `start, end` pairs; no chunk is empty. */
  #chunks: number[][] = [];

  constructor(start = 0, maxIntervals = MAX_INTERVALS) {
    this.start = start;
    this.#maxIntervals = maxIntervals;
  }

  /** Ranges from here on are not compared; infinite while all are. */
  get end(): number {
    return this.#end;
  }

  /** Takes a range that is not empty; a conflict when a part of it is taken. */
  take(from: number, to: number): RangeConflict | null {
    const start = Math.max(from, this.start);
    const end = Math.min(to, this.#end);
    if (start >= end) return null;
    const place = this.#findChunk(start);
    const chunk = this.#chunks[place];
    if (chunk === undefined) {
      this.#chunks.push([start, end]);
      this.#count = 1;
      return null;
    }
    return this.#takeIn(chunk, place, start, end);
  }

  #takeIn(chunk: number[], place: number, start: number, end: number): RangeConflict | null {
    const index = firstStartAbove(chunk, start);
    const before = index === 0 ? this.#chunks[place - 1]?.at(-1) : chunk[index - 1];
    const next = chunk[index] ?? this.#chunks[place + 1]?.[0];
    if (before !== undefined && before > start) return { offset: start };
    if (next !== undefined && next < end) return { offset: next };
    const joinsBefore = index > 0 && before === start;
    const joinsNext = index < chunk.length && next === end;
    if (joinsBefore && joinsNext) {
      chunk.splice(index - 1, 2);
      this.#count -= 1;
    } else if (joinsBefore) chunk[index - 1] = end;
    else if (joinsNext) chunk[index] = start;
    else {
      chunk.splice(index, 0, start, end);
      this.#count += 1;
      if (chunk.length > CHUNK_NUMBERS) this.#split(chunk, place);
      if (this.#count > this.#maxIntervals) this.#dropUpperHalf();
    }
    return null;
  }

  /** The last chunk that begins at `start` or below, otherwise the first one. */
  #findChunk(start: number): number {
    let low = 0;
    let high = this.#chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#chunks[middle]?.[0] ?? 0) <= start) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #split(chunk: number[], place: number): void {
    const half = chunk.splice(CHUNK_NUMBERS / 2);
    this.#chunks.splice(place + 1, 0, half);
  }

  #dropUpperHalf(): void {
    const kept = Math.max(1, this.#chunks.length >>> 1);
    const first = this.#chunks[kept]?.[0];
    // A single chunk: its own upper half goes.
    if (first === undefined) {
      const chunk = this.#chunks[0] ?? [];
      const middle = 2 * Math.max(1, chunk.length >>> 2);
      this.#end = chunk[middle] ?? this.#end;
      chunk.length = middle;
    } else {
      this.#end = first;
      this.#chunks.length = kept;
    }
    this.#count = this.#chunks.reduce((sum, chunk) => sum + chunk.length / 2, 0);
  }
}

/** Index of the first interval (as an index of its start) that begins above `start`. */
function firstStartAbove(chunk: readonly number[], start: number): number {
  let low = 0;
  let high = chunk.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((chunk[2 * middle] ?? 0) <= start) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
}
